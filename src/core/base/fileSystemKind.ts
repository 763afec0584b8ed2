import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * `f_type` of file systems that other machines can write to: no file events tell of their changes, and locks of databases
 * do not hold on them (statfs(2), linux/magic.h).
 */
const networkTypes: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB 2
  0x65735546, // FUSE: sshfs and others
  0x01021997, // 9P: the disks of Windows in WSL
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
  0x19830326, // BeeGFS
  0x00c36400, // Ceph
  0x5346414f, // AFS
  0x7461636f, // OCFS2
  0x01161970, // GFS2
]);

/** Whether a path, or the nearest folder above it that is there, lies on a network file system. Only Linux tells. */
export function isOnNetwork(path: string): boolean {
  if (process.platform !== 'linux') {
    return false;
  }
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      return networkTypes.has(statfsSync(folder).type >>> 0);
    } catch {
      if (dirname(folder) === folder) {
        return false;
      }
    }
  }
}
