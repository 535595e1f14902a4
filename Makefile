# Every habit of this project is a target here; `make help` lists them.
# The two for a fresh machine: `make demo` (see it work) and `make test` (know that it works).

PYTHON ?=
VENV := .venv/bin
PYTEST_ARGS ?=
# Browsers and servers are heavy: more workers than four gain nothing.
PYTEST_WORKERS ?= -n auto --maxprocesses=4 --dist=loadgroup
# What of `make test` looks at the app for Shopify alone.
SHOPIFY_GATES := $(wildcard tests/test_shopify_app*.py tests/platforms/test_shopify_scopes.py)

.DEFAULT_GOAL := help
.PHONY: help demo setup test test-wordpress lint types widget wordpress-plugin catalogues bench situations bench-faq docs pictures clean system widget-tools \
	shopify-app shopify-tools

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## start the app with a demo shop, live, and print the addresses
	@$(VENV)/mostrador demo

setup: ## make .venv ready: the app, all extras, the lint tools (PYTHON=... chooses the interpreter)
	@PYTHON='$(PYTHON)' sh setup/python.sh

test: setup system widget-tools shopify-tools ## run every test (PYTEST_ARGS='tests/unit -k money' for some)
	@$(VENV)/python -m pytest $(PYTEST_WORKERS) $(PYTEST_ARGS)

test-wordpress: setup ## the plugin in a real WordPress of its own, which is taken down again (part of `make test` too)
	@sh setup/system.sh chromium wordpress php mariadb
	@$(VENV)/python -m pytest -n 1 --dist=loadgroup tests/wordpress $(PYTEST_ARGS)

lint: setup ## ruff, and who may import whom
	@code=0; $(VENV)/ruff check --output-format=concise . || code=1; $(VENV)/lint-imports --no-logo || code=1; exit $$code

types: setup ## mypy, strict
	@$(VENV)/mypy

widget: widget-tools ## build the widget into plugin/static/widget and the app for Shopify (the builds are in git)
	@npm --prefix widget run --silent build
	@npm --prefix widget run --silent build -- --flat "$(CURDIR)/adapters/shopify/app/extensions/mostrador-embed/assets"

wordpress-plugin: export SERVICE := $(SERVICE)
wordpress-plugin: setup ## write build/mostrador.zip (SERVICE=https://... is your server; without it the plugin asks)
	@sh setup/wordpress_plugin.sh

shopify-app: export SERVICE := $(SERVICE)
shopify-app: export CLIENT_ID := $(CLIENT_ID)
shopify-app: export APP := $(APP)
shopify-app: setup widget-tools shopify-tools ## write build/shopify-app and test it (SERVICE=https://... CLIENT_ID=... APP=custom)
	@$(VENV)/python setup/shopify_build.py
	@$(VENV)/python -m pytest $(PYTEST_WORKERS) $(SHOPIFY_GATES) $(PYTEST_ARGS)

catalogues: setup ## collect the words of the source for translation, and compile the catalogues
	@$(VENV)/python -m plugin.locales update

bench: setup ## measure the promises of speed beside a bare floor
	@sh setup/system.sh postgresql redis
	@$(VENV)/python -m bench

situations: setup ## learn faq_links/situations/*.txt into the file that the answers are read from (it is in git)
	@$(VENV)/python -m faq_links.teacher

bench-faq: setup ## how often the FAQ's answers are right, on questions the engine was not tuned to, beside plain engines
	@$(VENV)/python -m bench.faq

docs: setup ## write the generated reference pages again
	@$(VENV)/python -m docs.write_reference

pictures: setup shopify-tools ## take the pictures of README and docs again, from the real demo and a real WordPress
	@sh setup/system.sh chromium wordpress php mariadb
	@$(VENV)/python -m docs.pictures
	@$(VENV)/python -m docs.wordpress_pictures
	@$(VENV)/python -m docs.shopify_pictures
	@$(VENV)/python -m docs.shopify_page_pictures

clean: ## remove what the other targets made, but never a database
	rm -rf .venv widget/node_modules adapters/shopify/app/node_modules build dist *.egg-info .pytest_cache \
		.mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system: setup
	@sh setup/system.sh

widget-tools:
	@sh setup/widget.sh

shopify-tools:
	@sh setup/shopify_app.sh
