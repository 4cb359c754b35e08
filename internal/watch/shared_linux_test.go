package watch

import "testing"

// The types are those of statfs(2): https://man7.org/linux/man-pages/man2/statfs.2.html
func TestIsSharedType(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind uint32
		want bool
	}{
		"NFS": {0x6969, true}, "9p, as in WSL": {0x01021997, true}, "CIFS": {0xff534d42, true}, "FUSE and virtiofs": {0x65735546, true},
		"VirtualBox": {0x786f4256, true}, "ext4": {0xef53, false}, "tmpfs": {0x01021994, false}, "overlay": {0x794c7630, false}, "btrfs": {0x9123683e, false},
	} {
		if got := isSharedType(c.kind); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if isShared("/proc") {
		t.Error("/proc is shared")
	}
}
