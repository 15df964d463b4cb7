/** The case that an alert, or anything else that is told, is about: its id begins with it. */
export function caseOfAlert(alert: string): string {
  return alert.split(':', 1)[0] ?? ''
}
