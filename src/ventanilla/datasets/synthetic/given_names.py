"""Given names of Chile by sex and time of birth, and of those who arrived; own lists, from general knowledge."""

from functools import cache

from ventanilla.datasets.synthetic.draws import Draw, ballot, pick

ERAS = (1946, 1966, 1981, 1996, 2009)  # first birth year of the second era, the third, …
_SLOTS = 2000

# name and how common it was in each of the six eras, 0 to 9 (the weight is the square)
_WOMEN = """
Rosa 986311  María 998533  Juana 874210  Ana 887543  Carmen 764210  Luisa 653110  Marta 654110  Olga 653100
Elena 654222  Teresa 664211  Julia 643123  Irma 542100  Berta 531000  Blanca 643111  Inés 543112  Graciela 543100
Adriana 233210  Elsa 542100  Norma 453100  Silvia 356310  Gladys 465200  Nelly 443100  Mirta 343000  Hilda 532000
Ema 421136  Raquel 433211  Delia 431000  Eliana 345200  Isabel 455332  Margarita 554210  Mercedes 432100
Victoria 432225  Josefina 321136  Amelia 321026  Clara 322124  Edith 233210  Erika 024310  Nancy 134310  Sonia 246310
Patricia 148521  Mónica 028521  Verónica 018621  Cecilia 126421  Jacqueline 005410  Marcela 006631  Claudia 008841
Paola 005731  Carolina 005973  Alejandra 005763  Andrea 004774  Lorena 006510  Sandra 017510  Viviana 005510
Ximena 026410  Pamela 003621  Karina 003621  Karen 002631  Marisol 005310  Ingrid 013411  Angélica 134421
Elizabeth 024542  Ruth 233321  Ester 433211  Lidia 443100  Sara 432223  Yolanda 343100  Violeta 321115  Soledad 124321
Pilar 123321  Paula 013654  Francisca 211787  Daniela 002876  Javiera 000788  Camila 000897  Constanza 000786
Catalina 101588  Valentina 000699  Fernanda 001686  Macarena 002653  Natalia 002763  Tamara 001652  Nicole 000763
Katherine 000651  Yasna 003521  Jessica 001741  Priscila 001531  Romina 001641  Bárbara 001664  Gabriela 112665
Valeria 001553  Victoria_Paz 000012  Antonia 322378  Martina 210289  Sofía 100289  Isidora 100288  Florencia 100278
Emilia 211259  Josefa 221356  Agustina 100268  Trinidad 110145  Maite 000049  Isabella 000049  Amanda 110367
Renata 000136  Colomba 000024  Rafaela 000125  Magdalena 211345  Monserrat 000256  Ignacia 000256  Anaís 000136
Pascal 000025  Dominga 110024  Matilda 000015  Julieta 100028  Mía 000009  Alondra 000124  Millaray 000245
Rayén 000134  Ailín 000123  Belén 001464  Scarlett 000143  Krishna 000132  Génesis 000144  Denisse 002531
Carla 002542  Evelyn 003531  Cinthia 002521  Yessenia 001431  Roxana 004310  Miriam 135310  Luz 323312  Rebeca 322222
Noemí 333210  Flor 233210  Eugenia 344210  Ercilia 421000  Zunilda 331000  Filomena 310000  Domitila 310000
Rosalía 321100  Aurora 422113  Lucía 432238  Guillermina 321000  Otilia 321000  Uberlinda 220000  Herminda 321000
Nora 343100
"""
_MEN = """
José 998655  Juan 998765  Luis 998765  Carlos 788754  Manuel 887543  Pedro 776434  Jorge 578632  Sergio 567531
Héctor 566421  Mario 566421  Raúl 555321  Hugo 555312  Víctor 467643  Eduardo 456543  Roberto 346532  Ricardo 246632
Francisco 555766  Miguel 466543  Guillermo 444432  Fernando 345543  Enrique 444321  Alberto 443321  Julio 444322
Arturo 443222  Óscar 344421  Rafael 433333  Ramón 433210  Osvaldo 344310  Gabriel 322456  Humberto 433210
Alfonso 332222  Ernesto 333221  Gustavo 223432  Nelson 145410  Patricio 136642  René 234310  Hernán 344311
Iván 024532  Mauricio 005742  Marcelo 017631  Claudio 007632  Rodrigo 004863  Cristián 003753  Christian 002642
Marco 014432  Jaime 136531  Álvaro 013543  Gonzalo 002775  Pablo 212765  Andrés 212665  Alejandro 234654
Felipe 112886  Sebastián 000898  Diego 000787  Nicolás 011797  Matías 000699  Ignacio 111687  Benjamín 110499
Vicente 322289  Martín 211289  Joaquín 211289  Tomás 211278  Maximiliano 000268  Agustín 221159  Lucas 000159
Cristóbal 110577  Javier 012666  Daniel 123666  Esteban 012454  Camilo 001444  Bastián 000388  Kevin 000153
Brayan 000142  Jonathan 000642  Jean 001331  Alexis 003553  Alex 004432  Franco 001344  Mathías 000135  Alonso 000257
Gaspar 000027  Mateo 000049  Santiago 210138  Emiliano 000016  Liam 000008  Noah 000005  Facundo 000026  Máximo 100016
León 000016  Dante 000014  Simón 000136  Lautaro 000135  Nahuel 000134  Antü 000011  Renato 012233  Bruno 111235
Emilio 222235  Domingo 432122  Segundo 541000  Abel 332211  Adán 222111  Aníbal 222110  Armando 233210  Arnoldo 232100
Artemio 321000  Baldomero 210000  Belarmino 310000  Bernardo 333212  Eliseo 321000  Eleuterio 310000  Erasmo 220000
Exequiel 210025  Fidel 221100  Florencio 310000  Froilán 210000  Germán 233321  Gilberto 233200  Heriberto 331000
Ismael 221224  Joel 013331  Jeremías 100025  Leonardo 124543  Leonel 113321  Lorenzo 321023  Marcos 123433
Moisés 221221  Omar 234310  Orlando 233210  Rolando 134310  Rigoberto 231000  Rosamel 220000  Samuel 222223
Saúl 122211  Tito 222000  Ulises 111112  Vladimir 013321  Wilson 013310  Yerko 002321  Danilo 003331  Fabián 002553
Rubén 234432  Gerardo 223321  Giovanni 002321  Boris 013310  Edgardo 134310
"""
_SECOND_WOMEN = """
Andrea 9  Alejandra 9  del_Carmen 8  Antonia 7  Ignacia 6  Isabel 7  Elena 5  Cecilia 5  Patricia 6  Elizabeth 6
Soledad 5  Paz 5  Belén 5  Fernanda 5  Constanza 4  Francisca 4  Angélica 5  Beatriz 4  Eugenia 4  Margarita 4  Inés 4
Teresa 4  Luisa 4  Rosa 3  Victoria 3  Javiera 3  Nicole 3  Carolina 4  Marcela 3  Verónica 3  de_las_Mercedes 2
del_Rosario 2  de_Lourdes 2  del_Pilar 2  del_Tránsito 1  Estefanía 2  Monserrat 3  Amelia 2  Eliana 2  Ester 3
Yamilet 1  Sofía 3
"""
_SECOND_MEN = """
Antonio 9  Andrés 9  Alejandro 9  Ignacio 7  Enrique 6  Alberto 6  Eduardo 5  Patricio 5  Alfonso 4  Manuel 5  Luis 4
Segundo 3  del_Carmen 3  Esteban 4  Javier 4  Felipe 4  Nicolás 4  Alonso 4  Benjamín 3  Eugenio 3  Hernán 4  Arturo 4
Ernesto 3  Omar 3  Mauricio 3  Orlando 2  Humberto 3  Iván 3  Gabriel 4  Tomás 3  Ariel 3  Octavio 2  Emilio 3
Osvaldo 2  Rodrigo 3  Fernando 3
"""
# compounds said as one name
_COMPOUND_WOMEN = ("María José", "María Paz", "María Teresa", "Ana María", "Rosa Ester", "María Elena",
                   "María Angélica",
                   "María Ignacia", "Rosa Elvira", "Luz Marina", "María Eugenia", "Ana Luisa")  # fmt: skip
_COMPOUND_MEN = ("Juan Carlos", "José Luis", "Luis Alberto", "José Miguel", "Juan Pablo", "Jorge Luis", "Pedro Pablo",
                 "Juan Antonio", "José Manuel", "Luis Armando", "Marco Antonio", "Juan José")  # fmt: skip

_ABROAD = {
    ("VE", "mujer"): "Yusmary Yorgelis Génesis María Mariángel Andreína Yuleidy Oriana Daniela Rosmary Carolina "
    "Alexandra Yesenia Francis Keila Nairobi Barbara Gabriela Yoselin Maryuri",
    ("VE", "hombre"): "José Luis Carlos Jesús Maikel Yorman Wilmer Jhonny Alexander Rafael Ángel Kelvin Yeferson "
    "Eduardo Gregorio Franklin Junior Leonardo Deivis Ronald",
    ("HT", "mujer"): "Marie Rose Fabiola Guerline Mirlande Nadège Wideline Dieula Roseline Lovely Islande "
    "Magdala Esther Ketia",
    ("HT", "hombre"): "Jean Wilner Pierre Wisly Emmanuel Jocelyn Frantz Mackenson Renel Junior Stanley Evens "
    "Jacques Dieuseul",
    ("PE", "mujer"): "Rosa María Milagros Flor Yesica Lucero Nelly Maribel Carmen Gladys Edith Ruth Luz Pilar "
    "Sheyla",
    ("PE", "hombre"): "Juan José Luis Percy Wilfredo Edwin Walter César Jhon Rubén Elmer Segundo Hugo Freddy Alex",
    ("BO", "mujer"): "María Juana Martha Lourdes Sonia Roxana Nilda Virginia Damiana Eulalia Maribel Lizeth "
    "Benita Daysi",
    ("BO", "hombre"): "Juan José Freddy Rolando Limbert Grover Édgar Wilson Gonzalo Mario Félix Ramiro Severo "
    "Iver",
    ("CO", "mujer"): "Luz Diana Leidy Yurani Sandra Paola Angie Claudia Yuliana Marcela Ingrid Tatiana Astrid "
    "Karen",
    ("CO", "hombre"): "Jhon Andrés Carlos Jairo Luis Fernando Wilson Harold Jefferson Julián Óscar Duván Edison "
    "Brayan",
    ("AR", "mujer"): "Mariana Florencia Silvina Natalia Micaela Rocío Graciela Noelia Milagros Sol",
    ("AR", "hombre"): "Martín Facundo Gastón Matías Walter Nahuel Ezequiel Leandro Daniel Hernán",
}  # fmt: skip


def _words(block: str) -> list[tuple[str, str]]:
    tokens = block.split()
    return [(name.replace("_", " "), marks) for name, marks in zip(tokens[::2], tokens[1::2], strict=True)]


def _by_era(block: str) -> tuple[tuple[str, ...], ...]:
    entries = _words(block)
    return tuple(ballot(((name, int(marks[era]) ** 2) for name, marks in entries), _SLOTS) for era in range(6))


def _flat(block: str) -> tuple[str, ...]:
    return ballot(((name, int(mark)) for name, mark in _words(block)), _SLOTS)


_FIRST = {"mujer": _by_era(_WOMEN), "hombre": _by_era(_MEN)}
_SECOND = {"mujer": _flat(_SECOND_WOMEN), "hombre": _flat(_SECOND_MEN)}
_COMPOUND = {"mujer": _COMPOUND_WOMEN, "hombre": _COMPOUND_MEN}
_FOREIGN = {key: tuple(names.split()) for key, names in _ABROAD.items()}


@cache
def era(year: int) -> int:
    return sum(year >= start for start in ERAS)


def given_names(draw: Draw, sex: str, year: int, nationality: str) -> str:
    """One or two given names fit for who was born in ``year``; those of migrants come from their country's list."""
    foreign = _FOREIGN.get((nationality, sex))
    chance = draw()
    if foreign:
        first = pick(draw, foreign)
        if chance < 0.45:
            return first
        second = pick(draw, foreign)
        return first if second == first else f"{first} {second}"
    first = pick(draw, _FIRST[sex][era(year)])
    if chance < 0.08:
        return first
    if chance < 0.12 and year < 2000:
        return pick(draw, _COMPOUND[sex])
    second = pick(draw, _SECOND[sex]) if chance < 0.7 else pick(draw, _FIRST[sex][era(year)])
    if second == first or (first == "María" and second.startswith("María")):
        return first
    if " " in second and year > 1985:  # "del Carmen" went out of use
        second = pick(draw, _FIRST[sex][era(year)])
    return first if second == first else f"{first} {second}"
