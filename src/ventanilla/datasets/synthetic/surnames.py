"""Surnames of Chile with their frequency and region, of its peoples, and of those who arrived; own lists, from
general knowledge.
"""

from functools import cache

from ventanilla.datasets.synthetic.draws import ballot

_SLOTS = 4096
_FIRST_RARE = "Errázuriz"  # from this one on the list holds what is heard of more than met

# in order of frequency; the weight falls with the rank
_COMMON = """
González Muñoz Rojas Díaz Pérez Soto Contreras Silva Martínez Sepúlveda Morales Rodríguez López Araya Fuentes
Hernández Torres Espinoza Flores Castillo Valenzuela Ramírez Reyes Gutiérrez Castro Vargas Álvarez Vásquez Tapia
Fernández Sánchez Cortés Gómez Herrera Carrasco Núñez Miranda Jara Vergara Rivera Figueroa García Bravo Riquelme Vera
Vega Molina Campos Sandoval Olivares Orellana Zúñiga Ortiz Gallardo Alarcón Garrido Salazar Pizarro Aguilera Saavedra
Romero Guzmán Henríquez Navarro Peña Aravena Godoy Cáceres Parra Leiva Escobar Yáñez Valdés Vidal Salinas Cárdenas
Jiménez Ruiz Lagos Maldonado Bustos Medina Pino Palma Moreno Sanhueza Carvajal Navarrete Sáez Alvarado Donoso Poblete
Bustamante Toro Ortega Venegas Guerrero Mendoza Farías San_Martín Paredes Acuña Cisternas Villalobos Ponce Lara Mella
Arias Ibáñez Ávila Catalán Córdova Duarte Barrera Moya Inostroza Cornejo Astudillo Cruz Arancibia Hidalgo Ríos Marín
Aguilar Espinosa Pacheco Roa Mora Leal Montecinos Velásquez Osorio Acevedo Ulloa Quezada Vallejos Troncoso Becerra
Cabrera Suárez Rivas Ramos Cerda Fuenzalida Escobedo Garcés Avendaño Baeza Santander Correa Benavides Meza Neira
Oyarzún Pavez Villarroel Arriagada Bravo Burgos Calderón Candia Carreño Castañeda Cifuentes Cuevas Delgado Durán
Elgueta Fierro Gajardo Galleguillos Gatica Guajardo Huerta Irarrázaval Jorquera Lobos Loyola Luna Manríquez Mardones
Mejías Méndez Merino Morán Norambuena Novoa Olguín Opazo Oróstica Oyarce Pinto Quiroz Rebolledo Retamal Robles Rubilar
Salgado Santibáñez Segovia Solís Tello Toledo Urrutia Uribe Urra Valdebenito Valencia Valdivia Vilches Villagra
Villegas Zamora Zapata Zárate Barraza Zepeda Cofré Ahumada Alfaro Améstica Briones Bascuñán Echeverría Errázuriz
Etcheverry O'Ryan D'Alençon Mac-Iver De_la_Fuente De_la_Barra Del_Río Schwarzenberg Müller Schmidt Ebensperger Goñi
Ithurbisquy Covarrubias Undurraga Larraín Eyzaguirre Aldunate Subercaseaux O'Brien Mac_Lean Yutronic Marinovic
Kusanovic Chang Zaror
"""
# what is met more often there, by region
_REGIONAL = {
    "15": "Vilca Flores Zegarra Rojas Carrasco Choque",
    "01": "Rojas Araya Cortés Vilca Flores Soto",
    "02": "Araya Rojas Cortés Tapia Castillo Rivera Galleguillos Carvajal Pizarro",
    "03": "Araya Rojas Cortés Tapia Castillo Bordones Campillay Godoy Ardiles Páez",
    "04": "Araya Rojas Cortés Tapia Castillo Rivera Pizarro Carvajal Vega Barraza Olivares Galleguillos Godoy "
    "Robles Alfaro Castro Contreras Díaz Álvarez Monárdez Cuello Codoceo Rodríguez Ángel Milla Chepillo",
    "05": "Tapia Olivares Vergara Arancibia Cisternas Pizarro Astudillo Leiva",
    "06": "Cornejo Pino Moreno Donoso Lizana Cáceres Galaz Orellana Pavez",
    "07": "Rojas Retamal Espinoza Valdés Bravo Gajardo Letelier Norambuena",
    "16": "Sepúlveda Sandoval Ortiz Parra Lagos Riquelme San_Martín Fuentealba",
    "08": "Sepúlveda Sanhueza Riquelme Fuentealba Jara Neira Carrasco Cid Roa",
    "09": "Riquelme Sandoval Jara Burgos Seguel Beltrán Lagos Inostroza",
    "14": "Vera Martínez Delgado Barrientos Ojeda Catalán Fehrmann Alvarado",
    "10": "Cárdenas Barría Mansilla Oyarzún Vargas Andrade Gallardo Barrientos Ojeda Alvarado Águila Soto Velásquez "
    "Uribe Ruiz Almonacid Bahamonde Miranda Subiabre",
    "11": "Cárdenas Barría Mansilla Vargas Vera Gallardo Ojeda Cadagán Rivera Jara",
    "12": "Barría Mansilla Cárdenas Vera Oyarzún Gallardo Andrade Vargas Ojeda Kusanovic Marinovic Ruiz",
}  # fmt: skip
_PEOPLES = {
    "mapuche": "Huenchumilla Millapán Curihual Painemal Huenupi Catrileo Antilef Lincopán Calfunao Ñanco Quilaqueo "
    "Huaiquil Marileo Nahuelpán Colipí Llancaleo Curiqueo Cayul Millañir Raimán Paillalef Huentecura Levío "
    "Pichún Currimil Ñancupil Lefimil Loncón Huircán Cheuque Coñoepán Queupumil Tralma Lemunao Manquián "
    "Imilqueo Antiñir Canío Collío Licán",
    "aymara": "Mamani Quispe Choque Condori Flores Vilca Huanca Challapa García Castro Moscoso Ticona Cutipa Apaza "
    "Calizaya Copaja Yucra Huarachi Chambe Zarzuri Lovera Amaro Visa Blas Poma",
    "quechua": "Mamani Quispe Cruz Flores Colque Yucra Huanca Anza Muraña Quisbert",
    "lickanantay": "Cruz Ramos Liendro Mondaca Tejerina Varas Colque Reyes Condori Siares Selti Anza Puca Cenzano",
    "colla": "Quispe Bordones Jerónimo Cardozo Ramos Marcial Cruz Gerónimo",
    "diaguita": "Campillay Huanchicay Páez Ardiles Seriche Liquitay Pallauta Tamblay Bordones Eliseo Chepillo",
    "rapanui": "Tuki Pakarati Hotus Teao Rapu Atan Haoa Paoa Pont Riroroko Nahoe Hucke Tepano Ika Araki Manutomatoma",
}  # fmt: skip
_ABROAD = {
    "VE": "González Rodríguez Pérez Hernández García Colmenares Briceño Chirinos Urdaneta Materano Rondón Peña "
    "Bracho Guédez Villasmil Zambrano Carrero Uzcátegui Barrios Montilla",
    "HT": "Jean Pierre Joseph Louis Charles Saint-Louis Dorvil Jean-Baptiste Estimé Pierre-Louis Désir Cadet "
    "Beauvoir Exantus Toussaint Fleurimond Michel François",
    "PE": "Quispe Flores Sánchez Huamán Rojas Mendoza Chávez Vásquez Ramos Castillo Paredes Condori Mamani Rosales "
    "Cárdenas Tello Aguirre Chunga Ñaupari",
    "BO": "Mamani Quispe Flores Choque Condori Vargas Colque Rojas Cruz Gutiérrez Terrazas Huanca Ticona Vaca "
    "Suárez Rocha Copa",
    "CO": "Rodríguez Valencia Mosquera Caicedo Hurtado Angulo Quiñones Ospina Cuero Restrepo Murillo Moreno "
    "Rentería Gómez Torres",
    "AR": "Fernández Gómez Acosta Benítez Ledesma Ojeda Quiroga Ferreyra Sosa Peralta Villalba Giménez",
}  # fmt: skip


def _listed(block: str) -> list[str]:
    return [name.replace("_", " ") for name in block.split()]


@cache
def chilean(region: str) -> tuple[str, ...]:
    """The surnames of a region (two digits), each as often as it is met."""
    weights = {name: 1000 / (rank + 14) for rank, name in enumerate(dict.fromkeys(_listed(_COMMON)))}
    rare = False
    for name in weights:
        rare = rare or name == _FIRST_RARE
        if rare:
            weights[name] *= 0.35
    own = set(_listed(_REGIONAL.get(region, "")))
    elsewhere = {name for names in _REGIONAL.values() for name in _listed(names)} - own
    for name in elsewhere & weights.keys():
        weights[name] *= 0.6
    for name in _listed(_REGIONAL.get(region, "")):
        weights[name] = weights.get(name, 4) * 1.6 + 20
    return ballot(weights.items(), _SLOTS)


@cache
def of_people(people: str) -> tuple[str, ...]:
    """Surnames of an indigenous people; empty when no list of ours has it."""
    return tuple(_listed(_PEOPLES.get(people, "")))


@cache
def from_abroad(nationality: str) -> tuple[str, ...]:
    return tuple(_listed(_ABROAD.get(nationality, "")))
