"""Chat spelling → the words meant, per language of the shopper's page; folded on both sides.

English pages hear Hindi in Latin letters and some Tagalog too, for that is how their shoppers write.
"""

from __future__ import annotations


def _read(pairs: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs.replace("\n", " ").split(","):
        written, _, meant = pair.strip().partition("=")
        if written:
            found[written] = meant.strip()
    return found


CHAT = {
    "es": _read(
        """
        q=que, k=que, xq=porque, pq=porque, x=por, xfa=favor, xfavor=favor, porfa=favor, porfis=favor,
        plis=favor, xfis=favor, pls=favor, pa=para, pal=para el, patras=para atras, tb=tambien, tmb=tambien,
        dnd=donde, onde=donde, cdo=cuando, cndo=cuando, cto=cuanto, cnto=cuanto, qnto=cuanto, bn=bien, d=de,
        tng=tengo, pdido=pedido, pdo=pedido, tel=telefono, cel=celular, fono=telefono, dir=direccion,
        num=numero, nro=numero, nº=numero, info=informacion, msj=mensaje, sta=esta, kiero=quiero,
        kiere=quiere, kien=quien, nesesito=necesito, nececito=necesito, ablar=hablar, grcs=gracias,
        grax=gracias, wsp=whatsapp, wpp=whatsapp, wasap=whatsapp, wa=whatsapp, mnna=manana, mnn=manana,
        finde=fin semana, depto=departamento, hrs=horas, ola=hola, aki=aqui, toy=estoy, tngo=tengo, ntp=no
        te preocupes, resivir=recibir, resibir=recibir, recivi=recibi, aser=hacer, ase=hace, ay=hay,
        guita=dinero, lana=dinero, varo=dinero, luca=dinero, lucas=dinero, biyuya=dinero, jala=funciona,
        jalo=funciona, jalan=funcionan, anda=funciona, checar=rastrear, checo=rastrear, checarlo=rastrear,
        chequear=rastrear, flete=envio, fletes=envios, mandada=envio, chico=pequeno, chica=pequena,
        chiquito=pequeno, chiquita=pequena, rebajar=descuento, encargue=pedi, zapas=zapatillas,
        vereda=calle, devolverlo=devolver, devolverla=devolver, devolverlos=devolver, debolver=devolver,
        cambiarlo=cambiar, cambiarla=cambiar, cambiarlos=cambiar, cambias=cambiar, cambian=cambiar,
        cambiamelo=cambiar, envian=enviar, envias=enviar, envia=enviar, mandan=enviar, mandais=enviar,
        mandas=enviar, devuelvo=devolver, devuelven=devolver, devuelve=devolver, devuelto=devolver,
        devuelta=devolver, devuelvan=devolver, pide=pedir, cancelarlo=cancelar, cancelarla=cancelar,
        cancelr=cancelar, llego=llego, vino=llego, venia=llego, venian=llego, trajeron=llego
        """
    ),
    "en": _read(
        """
        u=you, ur=your, r=are, y=why, pls=please, plz=please, plss=please, plis=please, thx=thanks,
        tnx=thanks, thnx=thanks, ty=thanks, wheres=where is, whens=when is, whats=what is, hows=how is,
        whos=who is, im=i am, ive=i have, id=id, cant=not can, cannot=not can, dont=not, doesnt=not,
        dosent=not, dosnt=not, didnt=not, hasnt=not, havent=not, hadnt=not, isnt=not, wasnt=not, werent=not,
        arent=not, wont=not, wouldnt=not, couldnt=not, shouldnt=not, aint=not, never=not, gimme=give me,
        lemme=let me, wanna=want to, gonna=going to, gotta=have to, tel=telephone, ph=phone, fone=phone,
        nummber=number, mob=mobile, msg=message, msgs=messages, txt=message, qty=quantity, qnty=quantity,
        amt=amount, acc=account, acct=account, accnt=account, pwd=password, pw=password, addr=address,
        adress=address, adres=address, addrss=address, txn=transaction, trans=transaction, cc=credit card,
        recd=received, rcvd=received, recvd=received, sent=send, came=arrive, comes=arrive, coming=arrive,
        paid=pay, bought=buy, broke=break broken, installments=instalments, installment=instalment,
        color=colour, colors=colours, tmrw=tomorrow, tmr=tomorrow, tomo=tomorrow, tmrow=tomorrow,
        2day=today, 2morrow=tomorrow, 2moro=tomorrow, tonite=tonight, 2nite=tonight, 2=to, 4=for, b4=before,
        wen=when, wht=what, wat=what, wats=what is, hw=how, hv=have, hav=have, gud=good, bcoz=because,
        bcz=because, cuz=because, coz=because, tho=though, thru=through, shud=should, shld=should,
        wud=would, cud=could, dis=this, dat=that, da=the, nd=and, ppl=people, smth=something, sth=something,
        asap=urgent, bday=birthday, avl=available, avlbl=available, avail=available, avbl=available,
        disc=discount, trk=track, trak=track, trakcing=tracking, yr=year, yrs=years, wk=week, wks=weeks,
        mth=month, mths=months, mnth=month, mnths=months, hr=hour, hrs=hours, mins=minutes, tym=time,
        tme=time, pkg=package, pckg=package, pkge=package, ord=order, sz=size, clr=colour, pic=photo,
        pics=photos, info=information, delvry=delivery, dlvry=delivery, delivry=delivery, dlivery=delivery,
        insted=instead, retun=return, retrun=return, refnd=refund, rfnd=refund, nt=not, gt=get,
        urself=yourself, custmer=customer, pincod=pincode, gpay=google pay, reimbrsed=reimbursed, po=, sir=,
        madam=, maam=, kindly=please, kab=when, kahan=where, kaha=where, kidhar=where, kitna=how much,
        kitne=how many, kitni=how much, mera=my, meri=my, mere=my, paisa=money, paise=money, rupaye=money,
        rupay=money, wapas=back refund, vapas=back refund, wapis=back refund, milega=get, milenge=get,
        milegi=get, milta=get, mila=received, mili=received, chahiye=want, chaiye=want, nahi=not, nahin=not,
        nai=not, nhi=not, bhejo=send, bhejte=deliver, bhejoge=send, bheja=send, bhej=send, aaya=arrive,
        aya=arrive, aayi=arrive, aayega=arrive, ayega=arrive, aaega=arrive, pahuncha=reached,
        pahunchega=arrive, pohcha=reached, pohchega=arrive, aaj=today, kal=tomorrow, din=days, lagenge=take,
        lagega=take, lagta=take, karna=do, karo=do, kare=do, karu=do, karoge=do, hai=is, hain=are, hoga=is,
        hua=done, hui=done, ka=of, ki=of, ke=of, ko=to, se=from, me=me, mein=in, baat=talk, karao=talk,
        karwao=talk, insaan=human, insan=human, banda=person, aadmi=person, dukaan=shop, dukan=shop,
        daam=price, keemat=price, kimat=price, sasta=cheap, sasti=cheap, kharidna=buy, khareedna=buy,
        lena=buy, toota=broken, tuta=broken, tooti=broken, kharab=defective, galat=wrong, badalna=exchange,
        badal=exchange, badli=exchange, gaya=gone, gayi=gone, gaye=gone, kat=deducted, kata=deducted,
        kate=deducted, chalega=accept, chalta=accept, kyu=why, kyun=why, kyon=why, kaise=how, kese=how,
        abhi=now, tak=until, liye=for, aap=you, apka=your, aapka=your, bhai=, yaar=, kya=do, wala=,
        magkano=how much, saan=where, kailan=when, pwede=can, paano=how, bayad=pay, meron=have,
        dumating=arrive, wala pa=not yet, ba=, yung=the, ko po=my, ng=of, sa=to
        """
    ),
    "pt": _read(
        """
        q=que, k=que, vc=voce, vcs=voces, oce=voce, pq=porque, tb=tambem, tbm=tambem, n=nao, nn=nao,
        num=nao, qto=quanto, qdo=quando, qnd=quando, qnto=quanto, qts=quantos, qtos=quantos, qnts=quantos,
        blz=beleza, obg=obrigado, obgd=obrigado, brigado=obrigado, pfv=favor, pf=favor, pfvr=favor, hj=hoje,
        amanha=amanha, td=tudo, tds=todos, cad=cade, cd=cade, tel=telefone, cel=celular, end=endereco,
        numero=numero, info=informacao, msg=mensagem, msgs=mensagens, vdd=verdade, c=com, mt=muito,
        mto=muito, msm=mesmo, dps=depois, ctg=contigo, cmg=comigo, p=para, pra=para, pro=para o, pros=para
        os, pras=para as, ta=esta, to=estou, tou=estou, tava=estava, tao=estao, xega=chega, xegar=chegar,
        xegou=chegou, hr=hora, hrs=horas, fds=fim semana, zap=whatsapp, zapzap=whatsapp, wpp=whatsapp,
        wts=whatsapp, cx=caixa, devolvo=devolver, troco=trocar, troca=trocar, trocam=trocar,
        parcelado=parcelar, grana=dinheiro, conto=reais, contos=reais, pila=reais, extorno=estorno,
        rastrio=rastreio, snha=senha, presnte=presente, obrigada=obrigado, moco=entregador,
        motoqueiro=entregador, veio=chegou, vieram=chegou, dinhero=dinheiro, apertadinho=apertado,
        desbota=desbotar, fazeno=fazendo, sumiu=perdido, rola=pode, curti=gostei
        """
    ),
}
"""Of a word that means nothing by itself the right side is empty: it is left out."""
