"""How files of other systems, and of municipal offices, call the columns of the registry's files."""

from ventanilla.access.communes import COMMUNE_HEADINGS

_AS_OF = ("Fecha del dato", "Fecha de corte", "Fecha corte", "Fecha de extracción", "Fecha extracción")
_SOURCE = ("Fuente del dato", "Fuente de información", "Origen", "Origen del dato")
_STARTS = ("Fecha inicio", "Fecha de inicio", "F. Inicio")
_ENDS = ("Fecha término", "Fecha de término", "F. Término")
_HOME = ("ID hogar", "Código hogar", "Cód. hogar", "Folio hogar", "Folio RSH", "Folio RSH hogar", "N° hogar")

PEOPLE = {
    "referencia": ("Código interno", "ID interno", "ID persona"),
    "documento_tipo": ("Tipo de documento", "Tipo documento", "Tipo doc."),
    "documento_pais": ("País del documento", "País documento", "País emisor"),
    "documento_numero": ("Número de documento", "N° documento", "Nro. documento", "Número documento", "Pasaporte"),
    "nombres": ("Nombre", "Nombres beneficiario", "Nombre beneficiario", "Nombres causante", "Nombre de pila"),
    "primer_apellido": ("Apellido paterno", "Ap. paterno", "A. Paterno", "Paterno", "Apellido 1", "1er apellido"),
    "segundo_apellido": ("Apellido materno", "Ap. materno", "A. Materno", "Materno", "Apellido 2", "2do apellido"),
    "nombre_social": ("Nombre social o preferido",),
    "sexo": ("Sexo registral", "Género", "Sexo/Género"),
    "fecha_nacimiento": (
        *("Fecha de nacimiento", "Fecha Nac.", "Fec. Nac.", "F. Nacimiento", "F. Nac.", "Fecha nacim.", "Fecnac"),
        *("Nacimiento", "Fecha nacimiento beneficiario"),
    ),
    "nacionalidad": ("País de nacionalidad", "Cód. nacionalidad"),
    "pueblo_originario": ("Pueblo indígena", "Pueblo", "Etnia"),
    "fecha_defuncion": ("Fecha de defunción", "Fecha def.", "F. Defunción", "Defunción", "Fecha de fallecimiento"),
    "fuente_defuncion": ("Fuente de la defunción",),
    "comuna_residencia": ("Comuna", *COMMUNE_HEADINGS),
    "fuente": _SOURCE,
    "fecha_dato": _AS_OF,
}
CONTACTS = {
    "tipo": ("Tipo de contacto", "Tipo contacto", "Medio"),
    "valor": ("Contacto", "Dato de contacto", "Número o correo"),
    "nota": ("Observación", "Observaciones", "Obs.", "Comentario"),
    "fuente": _SOURCE,
    "fecha_dato": _AS_OF,
}
HOMES = {
    "referencia": ("Hogar", *_HOME),
    "direccion": ("Dirección del hogar", "Domicilio", "Dir.", "Calle y número"),
    "sector": ("Localidad", "Población", "Villa o población"),
    "unidad_vecinal": ("U. Vecinal", "UV"),
    "ruralidad": ("Zona", "Área", "Urbano/Rural"),
    "comuna": COMMUNE_HEADINGS,
    "tipo_vivienda": ("Tipo de vivienda", "Vivienda"),
    "fuente": _SOURCE,
    "fecha_dato": _AS_OF,
}
MEMBERS = {
    "hogar": _HOME,
    "parentesco": ("Relación con jefatura", "Parentesco con jefatura", "Parentesco jefe(a) de hogar"),
    "jefatura": ("Jefe de hogar", "Jefa de hogar", "Jefe(a) de hogar", "Es jefatura"),
    "fuente": _SOURCE,
    "desde": _STARTS,
    "hasta": _ENDS,
}
RELATIONS = {
    "con_persona": ("Con RUN", "Con RUT", "RUN relacionado", "RUT relacionado"),
    "tipo": ("Tipo de relación", "Relación"),
    "fuente": _SOURCE,
    "desde": _STARTS,
    "hasta": _ENDS,
}
FACTS = {
    "hogar": _HOME,
    "tipo": ("Tipo de antecedente", "Tipo antecedente", "Antecedente"),
    "valor": ("Valor del antecedente", "Dato"),
    "monto": ("Monto en pesos", "Monto total"),
    "vigente_desde": ("Desde", *_STARTS),
    "vigente_hasta": ("Hasta", *_ENDS),
    "fuente": _SOURCE,
    "fecha_dato": _AS_OF,
}

SUBSIDIES = {
    "titular": ("RUN titular", "RUT titular", "RUN de quien cobra"),
    "subsidio": ("Tipo de subsidio", "Tipo subsidio", "Beneficio", "Programa"),
    "monto": ("Monto subsidio", "Monto mensual", "Valor"),
    "desde": ("Fecha inicio", "Inicio", "Fecha concesión"),
    "hasta": ("Fecha término", "Término", "Fecha extinción", "Vigente hasta"),
    "resolucion": ("N° resolución", "Decreto", "N° decreto"),
    "fecha_extracto": ("Fecha de corte", "Fecha corte"),
}

FAMILIAS = {
    "hogar": ("ID hogar", "Código hogar", "Folio RSH", "N° hogar"),
    "acompanamiento": ("Tipo de acompañamiento",),
    "etapa": ("Etapa actual", "Etapa del programa"),
    "sesion": ("N° sesión",),
    "desde": ("Fecha ingreso", "Fecha de ingreso"),
    "hasta": ("Fecha egreso", "Fecha de egreso"),
    "indicadores": ("Indicadores no cumplidos", "Indicadores no logrados", "Brechas"),
    "fecha_extracto": ("Fecha de corte", "Fecha corte"),
}

RSH_REQUESTS = {
    "folio": ("N° solicitud", "ID solicitud", "Folio solicitud"),
    "tipo": ("Tipo de solicitud", "Tipo solicitud", "Trámite"),
    "materia": ("Detalle de la solicitud",),
    "estado": ("Estado solicitud", "Estado de la solicitud"),
    "fecha_ingreso": ("Fecha solicitud", "Fecha de ingreso"),
    "fecha_estado": ("Fecha último estado", "Fecha del estado"),
    "fecha_extracto": ("Fecha de corte", "Fecha corte"),
}
