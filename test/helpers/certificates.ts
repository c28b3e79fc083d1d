import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tempFolder } from './temp-folder.js'

/** A key and its certificate, as a TLS server takes them. */
export interface Identity {
  readonly key: Buffer
  readonly cert: Buffer
}

/** Makes a certificate authority that only the tests trust; it is gone when the test is over. */
export async function createAuthority() {
  const folder = await tempFolder()
  const file = join(folder, 'authority.crt')
  const key = join(folder, 'authority.key')
  const usage = 'keyUsage=critical,keyCertSign'
  await openssl(folder, 'req', '-x509', ...newKey(key, 'Test authority', usage), '-out', file)

  return {
    /** Its own certificate, for NODE_EXTRA_CA_CERTS. */
    file,
    /** Certifies a new key for a name such as `IP:127.0.0.1`; with a negative number of days, it has expired. */
    async certify(name: string, days: number): Promise<Identity> {
      const files = {
        key: join(folder, 'key'),
        cert: join(folder, 'crt'),
        csr: join(folder, 'csr'),
      }
      await openssl(folder, 'req', ...newKey(files.key, 'Test server'), '-out', files.csr)
      await writeFile(join(folder, 'names'), `subjectAltName=${name}\n`)
      const signing = ['-CA', file, '-CAkey', key, '-days', String(days), '-extfile', 'names']
      await openssl(folder, 'x509', '-req', '-in', files.csr, ...signing, '-out', files.cert)
      return { key: await readFile(files.key), cert: await readFile(files.cert) }
    },
  }
}

/** A self-signed certificate. */
export async function selfSigned(name: string): Promise<Identity> {
  const folder = await tempFolder()
  const [key, cert] = [join(folder, 'key'), join(folder, 'crt')]
  const names = `subjectAltName=${name}`
  await openssl(folder, 'req', '-x509', ...newKey(key, 'Test server', names), '-out', cert)
  return { key: await readFile(key), cert: await readFile(cert) }
}

function newKey(file: string, commonName: string, extension?: string): string[] {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const subject = ['-subj', `/CN=${commonName}`, ...(extension ? ['-addext', extension] : [])]
  return [...curve, '-keyout', file, ...subject]
}

async function openssl(cwd: string, ...args: string[]): Promise<void> {
  await promisify(execFile)('openssl', args, { cwd })
}
