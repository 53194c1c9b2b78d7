import type { ApiWords } from '../sections/api.ts'

export const api: ApiWords = {
  scopes: {
    'account:read': 'Ihr Konto sehen: Angaben, Geräte, verbundene Apps und Sicherheitsprotokoll',
    account:
      'Ihr Konto verwalten: Angaben, E-Mail-Adresse und Passwort ändern, Geräte abmelden und das Konto löschen',
  },
  docs: {
    title: 'Schnittstellen',
    lead: 'Was Programme hier tun können, im Namen einer Person, die es erlaubt hat.',
    english: 'Die Beschreibungen selbst sind auf Englisch.',
    document: 'Maschinenlesbare Beschreibung',
    all: 'Alle Vorgänge',
    problems: 'Fehlermeldungen',
    problemsLead: 'Was eine Antwort statt eines Ergebnisses melden kann, nach dem Ende ihres Typs.',
    base: 'Adresse',
    audience: 'Empfänger des Tokens',
    permission: 'Berechtigung',
    permissions: 'Berechtigungen',
    proof: 'Anmeldung',
    proofFresh: 'In den letzten zehn Minuten',
    proofAny: 'Irgendwann zuvor',
    parameters: 'Parameter',
    body: 'Inhalt',
    answer: 'Antwort',
    example: 'Beispiel',
    required: 'erforderlich',
    status: 'Statuscode',
  },
}
