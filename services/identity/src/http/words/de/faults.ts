import type { FaultsWords } from '../sections/faults.ts'

export const faults: FaultsWords = {
  title: 'Über diesen Fehler',
  lead: 'Bei einer Anwendung oder auf einer Seite ist ein Fehler mit der unten stehenden Referenz aufgetreten.',
  next: 'Geben Sie die Referenz an den Betreiber der Anwendung weiter. Zusammen mit dem Betreiber dieses Dienstes lässt sich damit herausfinden, was geschehen ist.',
  unknownTitle: 'Über diesen Fehler ist nichts bekannt',
  unknown:
    'Fehler werden sieben Tage aufbewahrt, bei sehr vielen auf einmal nur einige davon. Im Protokoll des Dienstes steht zu jedem eine Zeile.',
  explanation: {
    heading: 'Für Entwickler',
    onlyHere: 'Wird angezeigt, weil dieser Dienst auf Ihrem eigenen Rechner läuft.',
    check: 'Prüfung',
    request: 'Anfrage',
    application: 'Client-ID',
    change: 'Änderung in der Konfigurationsdatei',
    copyChange: 'Diese Zeilen kopieren',
  },
}
