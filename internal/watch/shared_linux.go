package watch

import "golang.org/x/sys/unix"

// isShared reports whether a folder is on a file system that other machines may change. The kernel reports only the
// changes that this machine makes. Source: https://man7.org/linux/man-pages/man7/inotify.7.html, "Limitations and
// caveats"
func isShared(folder string) bool {
	var s unix.Statfs_t
	return unix.Statfs(folder, &s) == nil && isSharedType(uint32(s.Type))
}

// The types of VirtualBox's, VMware's and Parallels' shared folders, which the package unix does not have.
const (
	vboxsf = 0x786f4256
	vmhgfs = 0xbacbacbc
	prlfs  = 0x7c7c6673
)

func isSharedType(t uint32) bool {
	switch t {
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.AFS_SUPER_MAGIC,
		unix.CEPH_SUPER_MAGIC, unix.V9FS_MAGIC, unix.FUSE_SUPER_MAGIC, vboxsf, vmhgfs, prlfs:
		return true
	}
	return false
}
