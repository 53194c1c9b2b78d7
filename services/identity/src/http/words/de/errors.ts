import type { ErrorKind, ErrorWords } from '../words.ts'

/** What the German error pages say. */
export const errors: Readonly<Record<ErrorKind, ErrorWords>> = {
  unknown_client: {
    title: 'Unbekannte Anwendung',
    what: 'Die Anwendung, von der Sie kommen, ist bei Signet nicht registriert.',
    next: 'Gehen Sie zur Anwendung zurück und versuchen Sie es erneut. Wenn es wieder passiert, wenden Sie sich an den Support der Anwendung.',
  },
  redirect_uri_not_registered: {
    title: 'Rückkehradresse nicht registriert',
    what: 'Die Anwendung wollte Sie an eine Adresse weiterleiten, die für sie nicht registriert ist. Zum Schutz Ihres Kontos ist das nicht geschehen.',
    next: 'Wenden Sie sich an den Support der Anwendung und nennen Sie die Referenz unten.',
  },
  invalid_request: {
    title: 'Ungültige Anfrage',
    what: 'Die Anfrage, die Sie hierher geführt hat, ist unvollständig oder ungültig.',
    next: 'Gehen Sie zur Anwendung zurück und beginnen Sie neu. Wenn es wieder passiert, wenden Sie sich an den Support der Anwendung.',
  },
  page_expired: {
    title: 'Diese Seite ist abgelaufen',
    what: 'Sie war zu lange geöffnet oder wurde bereits in einem anderen Tab verwendet.',
    next: 'Es ist nichts verloren. Machen Sie hier weiter, oder gehen Sie zur Anwendung zurück und beginnen Sie neu.',
  },
  forbidden_form: {
    title: 'Dieses Formular wurde nicht angenommen',
    what: 'Es stammt nicht von einer Seite, die Signet an diesen Browser gesendet hat, oder Cookies sind ausgeschaltet.',
    next: 'Erlauben Sie Cookies für diese Website und beginnen Sie dann in der Anwendung neu.',
  },
  post_logout_redirect_uri_not_registered: {
    title: 'Abmeldeadresse nicht registriert',
    what: 'Die Anwendung wollte Sie nach der Abmeldung an eine Adresse weiterleiten, die für sie nicht registriert ist. Das ist nicht geschehen.',
    next: 'Schließen Sie diese Seite, oder wenden Sie sich an den Support der Anwendung.',
  },
  bad_id_token_hint: {
    title: 'Ungültige Abmeldeanfrage',
    what: 'Die Anwendung wollte Sie mit einem Nachweis abmelden, der nicht von Signet stammt oder zu einer anderen Anwendung gehört.',
    next: 'Sie können sich weiterhin auf der Startseite abmelden.',
  },
  setup_link_used: {
    title: 'Dieser Einrichtungslink gilt nicht mehr',
    what: 'Er wurde bereits verwendet oder ist älter als eine Stunde.',
    next: 'Wenn Signet noch kein Administrationskonto hat, erzeugen Sie auf dem Server mit dem Befehl „admin-link“ einen neuen Link.',
  },
  not_found: {
    title: 'Seite nicht gefunden',
    what: 'Unter dieser Adresse gibt es nichts.',
    next: 'Prüfen Sie die Adresse, oder gehen Sie zur Startseite.',
  },
  method_not_allowed: {
    title: 'Methode nicht erlaubt',
    what: 'Diese Adresse gibt es, aber sie lässt sich nicht auf diese Weise verwenden.',
    next: 'Gehen Sie zurück und versuchen Sie es erneut, oder gehen Sie zur Startseite.',
  },
  too_many_requests: {
    title: 'Zu viele Anfragen',
    what: 'Aus Ihrem Netzwerk kamen in kurzer Zeit mehr Anfragen, als Signet annimmt.',
    next: 'Warten Sie eine Minute und versuchen Sie es dann erneut.',
  },
  server_error: {
    title: 'Etwas ist schiefgelaufen',
    what: 'Es liegt an uns, nicht an Ihnen. Der Fehler ist unter der Referenz unten festgehalten.',
    next: 'Versuchen Sie es gleich noch einmal. Wenn es wieder passiert, nennen Sie dem Support dieses Dienstes die Referenz.',
  },
  unavailable: {
    title: 'Gerade nicht verfügbar',
    what: 'Signet ist ausgelastet oder wird neu gestartet.',
    next: 'Versuchen Sie es in einer Minute erneut.',
  },
}
