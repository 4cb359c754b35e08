package tasks

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
)

var errNoFile = errors.New("task has no file")

// file is what a task says of its file.
type file struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Size is in bytes.
	Size int64 `json:"size"`
}

// isThere leaves out the files of deleted tasks, which are kept until the trash is emptied.
const isThere = `EXISTS (SELECT 1 FROM tasks t WHERE t.installation = files.installation AND t.id = files.task AND t.deleted = 0)`

// tag names a file and its content: another name, type or byte gives another tag.
func (f file) tag(data []byte) string {
	hash := sha256.New()
	io.WriteString(hash, f.Name+"\x00"+f.Type+"\x00") // neither can hold a zero byte
	hash.Write(data)
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

// setFile gives a task a file, instead of the one that it may have, and returns the task. Error: errNoTask.
func (s *store) setFile(ctx context.Context, installation, id string, f file, data []byte) (task, error) {
	if data == nil {
		data = []byte{} // nil would be NULL
	}
	err := oneRow(s.exec(ctx,
		`INSERT INTO files (installation, task, name, type, size, tag, data)
		SELECT installation, id, ?, ?, ?, ?, ? FROM tasks WHERE installation = ? AND id = ? AND deleted = 0
		ON CONFLICT (installation, task) DO UPDATE SET
			name = excluded.name, type = excluded.type, size = excluded.size, tag = excluded.tag, data = excluded.data`,
		f.Name, f.Type, len(data), f.tag(data), data, installation, id))
	if err != nil {
		return task{}, err
	}
	return s.get(ctx, installation, id)
}

// removeFile takes a task's file away and returns the task. Errors: errNoTask, errNoFile.
func (s *store) removeFile(ctx context.Context, installation, id string) (task, error) {
	err := oneRow(s.exec(ctx, `DELETE FROM files WHERE installation = ? AND task = ? AND `+isThere, installation, id))
	switch {
	case errors.Is(err, errNoTask):
		return task{}, s.noFile(ctx, installation, id)
	case err != nil:
		return task{}, err
	}
	return s.get(ctx, installation, id)
}

// file returns a task's file and its tag, without the content. Errors: errNoTask, errNoFile.
func (s *store) file(ctx context.Context, installation, id string) (f file, tag string, err error) {
	err = s.db.QueryRowContext(ctx,
		`SELECT name, type, size, tag FROM files WHERE installation = ? AND task = ? AND `+isThere,
		installation, id).Scan(&f.Name, &f.Type, &f.Size, &tag)
	if errors.Is(err, sql.ErrNoRows) {
		err = s.noFile(ctx, installation, id)
	}
	return f, tag, err
}

// content is like file, and returns the content too.
func (s *store) content(ctx context.Context, installation, id string) (f file, tag string, data []byte, err error) {
	err = s.db.QueryRowContext(ctx,
		`SELECT name, type, size, tag, data FROM files WHERE installation = ? AND task = ? AND `+isThere,
		installation, id).Scan(&f.Name, &f.Type, &f.Size, &tag, &data)
	if errors.Is(err, sql.ErrNoRows) {
		err = s.noFile(ctx, installation, id)
	}
	return f, tag, data, err
}

// noFile says why there is no file: errNoFile, or errNoTask if the task is not there either.
func (s *store) noFile(ctx context.Context, installation, id string) error {
	if _, err := s.get(ctx, installation, id); err != nil {
		return err
	}
	return errNoFile
}
