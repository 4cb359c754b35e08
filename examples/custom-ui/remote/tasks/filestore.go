package tasks

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

var (
	errNoFile = errors.New("task has no file")
	// errTooLarge, errBroken, errAbandoned and errNoPiece are errors of a content that is being received.
	errTooLarge = errors.New("file is too large")
	errBroken   = errors.New("file did not arrive whole")
	// errAbandoned means that the upload was taken for a failed one and its pieces were removed. This happens if the
	// clock is set forward, or a laptop sleeps, during the upload.
	errAbandoned = errors.New("upload was taken for a failed one")
	errNoPiece   = errors.New("file was replaced while it was read")
)

const (
	// pieceSize is the number of bytes of a file that are in memory at once. D1 accepts rows of up to 2,000,000 bytes.
	pieceSize = 512 << 10
	// An upload that has not ended after abandonTime is taken for a failed one. The time is longer than fileTime.
	abandonTime = 10 * time.Minute
)

// file describes the file of a task.
type file struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Size is in bytes.
	Size int64 `json:"size"`
}

// content is a file's bytes in the database. Each upload makes a new one.
type content struct {
	id   string
	size int64
	// tag depends on the file's name, its type and each of its bytes.
	tag string
}

// isThere excludes the files of deleted tasks, which are kept until the trash is emptied.
const isThere = `EXISTS (SELECT 1 FROM tasks t WHERE t.installation = attachments.installation AND t.id = attachments.task AND t.deleted_at IS NULL)`

// receive stores the bytes of body in pieces. They belong to no task until setFile is called. discard removes them.
// Errors: errTooLarge if there are more than most bytes, errBroken if body ends early, errAbandoned, errFull.
func (s *store) receive(ctx context.Context, f file, body io.Reader, most int64) (c content, err error) {
	c.id = strings.ToLower(rand.Text())
	if _, err := s.exec(ctx, `INSERT INTO uploads (content, started_at) VALUES (?, unixepoch())`, c.id); err != nil {
		return content{}, err
	}
	begun := c
	defer func() {
		if err != nil {
			s.discard(ctx, begun)
		}
	}()
	hash := sha256.New()
	io.WriteString(hash, f.Name+"\x00"+f.Type+"\x00") // neither can contain a zero byte
	body = io.LimitReader(body, most+1)
	piece := make([]byte, min(pieceSize, most+1))
	for number := 0; ; number++ {
		// Do not use io.ReadFull: a broken body also returns io.ErrUnexpectedEOF.
		n, ended := 0, false
		for n < len(piece) && !ended {
			read, err := body.Read(piece[n:])
			n += read
			ended = err == io.EOF
			if err != nil && !ended {
				return content{}, fmt.Errorf("%w: %w", errBroken, err)
			}
		}
		if c.size += int64(n); c.size > most {
			return content{}, errTooLarge
		}
		if n > 0 {
			hash.Write(piece[:n])
			err := oneRow(s.exec(ctx, `INSERT INTO pieces (content, number, data) SELECT content, ?, ? FROM uploads WHERE content = ?`,
				number, piece[:n], c.id))
			if errors.Is(err, errNoTask) {
				err = errAbandoned
			}
			if err != nil {
				return content{}, err
			}
		}
		if ended {
			c.tag = hex.EncodeToString(hash.Sum(nil)[:16])
			return c, nil
		}
	}
}

// discard removes a content that did not become a task's file. If that fails, the content is removed after abandonTime.
func (s *store) discard(ctx context.Context, c content) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = s.exec(ctx, `DELETE FROM uploads WHERE content = ?`, c.id)
}

// setFile makes a received content the file of a task, replaces the task's old file, and returns the task. If the task has
// another version than from, which may be nil, setFile changes nothing. Errors: errNoTask, errAbandoned, errOverQuota, and
// errChanged with the task as it is.
func (s *store) setFile(ctx context.Context, installation, id string, from *int64, f file, c content) (task, error) {
	err := oneRow(s.exec(ctx,
		`INSERT INTO attachments (installation, task, name, type, size, tag, content)
		SELECT installation, id, ?, ?, ?, ?, ? FROM tasks
		WHERE installation = ? AND id = ? AND deleted_at IS NULL AND `+isVersion+`
			AND EXISTS (SELECT 1 FROM uploads WHERE content = ?) AND `+otherFiles+` + ? <= ?
		ON CONFLICT (installation, task) DO UPDATE SET
			name = excluded.name, type = excluded.type, size = excluded.size, tag = excluded.tag, content = excluded.content`,
		f.Name, f.Type, c.size, c.tag, c.id, installation, id, orNull(from), orNull(from), c.id, c.size, s.maxBytes))
	if err == nil {
		return s.get(ctx, installation, id)
	}
	if !errors.Is(err, errNoTask) {
		return task{}, err
	}
	t, err := s.isStill(ctx, installation, id, from)
	if err != nil {
		return t, err
	}
	var underWay bool
	err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM uploads WHERE content = ?)`, c.id).Scan(&underWay)
	switch {
	case err != nil:
		return task{}, err
	case !underWay:
		return task{}, errAbandoned
	}
	return task{}, errOverQuota
}

// otherFiles computes the size of all files of an installation without this task's. It includes files in the trash.
const otherFiles = `(SELECT COALESCE(SUM(size), 0) FROM attachments a WHERE a.installation = tasks.installation AND a.task <> tasks.id)`

// checkRoom checks whether a file of this size may be stored, before its bytes are read. Errors: errNoTask,
// errOverQuota.
func (s *store) checkRoom(ctx context.Context, installation, id string, size int64) error {
	var others int64
	err := s.db.QueryRowContext(ctx,
		`SELECT `+otherFiles+` FROM tasks WHERE installation = ? AND id = ? AND deleted_at IS NULL`, installation, id).Scan(&others)
	if err == nil && others+size > s.maxBytes {
		return errOverQuota
	}
	return noTask(err)
}

// removeFile removes a task's file and returns the task. If the task has another version than from, which may be nil,
// removeFile changes nothing. Errors: errNoTask, errNoFile, and errChanged with the task as it is.
func (s *store) removeFile(ctx context.Context, installation, id string, from *int64) (task, error) {
	err := oneRow(s.exec(ctx, `DELETE FROM attachments WHERE installation = ? AND task = ?
		AND EXISTS (SELECT 1 FROM tasks WHERE installation = attachments.installation AND id = attachments.task AND deleted_at IS NULL AND `+isVersion+`)`,
		installation, id, orNull(from), orNull(from)))
	if errors.Is(err, errNoTask) {
		if t, err := s.isStill(ctx, installation, id, from); err != nil {
			return t, err
		}
		return task{}, errNoFile
	}
	if err != nil {
		return task{}, err
	}
	return s.get(ctx, installation, id)
}

// file returns a task's file and the id of its content. Errors: errNoTask, errNoFile.
func (s *store) file(ctx context.Context, installation, id string) (f file, c content, err error) {
	err = s.db.QueryRowContext(ctx,
		`SELECT name, type, size, tag, content FROM attachments WHERE installation = ? AND task = ? AND `+isThere,
		installation, id).Scan(&f.Name, &f.Type, &f.Size, &c.tag, &c.id)
	c.size = f.Size
	if errors.Is(err, sql.ErrNoRows) {
		err = s.noFile(ctx, installation, id)
	}
	return f, c, err
}

// piece returns one piece of a content. The first is number 0. Error: errNoPiece.
func (s *store) piece(ctx context.Context, c content, number int) (data []byte, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT data FROM pieces WHERE content = ? AND number = ?`, c.id, number).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoPiece
	}
	return data, err
}

// noFile returns the reason why there is no file: errNoTask if the task does not exist, else errNoFile.
func (s *store) noFile(ctx context.Context, installation, id string) error {
	if _, err := s.get(ctx, installation, id); err != nil {
		return err
	}
	return errNoFile
}
