/** The 20 most populous countries: what is downloaded when nothing is asked for. */
export const defaultCodes: readonly string[] =
  'CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR'.split(' ')
