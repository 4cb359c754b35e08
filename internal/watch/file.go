package watch

import (
	"hash/maphash"
	"io/fs"
	"time"

	"github.com/forgego/forgego/internal/appfile"
)

const (
	// maxSummed is the size of the largest file whose content is compared, in bytes.
	maxSummed = 1 << 20
	// maxRead is how much one scan reads for that, in bytes. It keeps the first look at large folders short.
	maxRead = 128 << 20
	// coarse is the coarsest time stamp of a file system that is in use: that of FAT. A file that was written just
	// before it was looked at may be written again with the same time.
	coarse = 2 * time.Second
)

// file is what is known about a file.
type file struct {
	stamp stamp
	// sum is of the content, if summed is set.
	sum    uint64
	summed bool
	// recent means that a later write may leave the same stamp.
	recent bool
}

// stamp changes when a file is written. It also changes when the content stays the same.
type stamp struct {
	size, modified int64
	// changed is the time of the last change of the content, the owner or the permissions, where the system has it.
	// Unlike modified, no program can set it.
	changed int64
	// inode is 0 where the system has none.
	inode uint64
}

var seed = maphash.MakeSeed()

// examine compares a file with what was known about it. A file whose content is not compared, because it is large or
// cannot be read, counts as changed if its stamp changed.
func (t *tree) examine(path string, info fs.FileInfo, old file, known bool) (now file, changed bool) {
	s := stamp{size: info.Size(), modified: info.ModTime().UnixNano()}
	s.changed, s.inode = systemStamp(info)
	if known && s == old.stamp && !old.recent {
		return old, false
	}
	now = file{stamp: s, recent: info.ModTime().After(time.Now().Add(-coarse))}
	if s.size <= maxSummed && s.size <= t.mayRead {
		t.mayRead -= s.size
		if data, err := appfile.ReadPath(path, maxSummed); err == nil {
			now.sum, now.summed = maphash.Bytes(seed, data), true
		}
	}
	if now.summed && old.summed {
		return now, known && now.sum != old.sum
	}
	return now, known && s != old.stamp
}
