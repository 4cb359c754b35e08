package tasks

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

var (
	errNoTask   = errors.New("no such task")
	errKeyTaken = errors.New("idempotency key belongs to a task of another name")
)

// task is the JSON form of a task.
type task struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Done bool   `json:"done"`
	// File is nil if the task has none.
	File *file `json:"file,omitempty"`
}

// store keeps the tasks of all installations in a SQL database. Each method uses the data of one installation only.
//
// Each change is one statement, because D1 has no other transactions. So a task's idempotency key is in the task's row:
// both are stored, or neither is. For the same reason triggers do the rest of a deletion.
type store struct {
	db *sql.DB
	// writing holds a value while a statement writes. SQLite allows one writer at a time. Writers that wait in the
	// database sleep up to a tenth of a second between tries, even if it is free earlier.
	writing chan struct{}
	// emptied is when this process last emptied the trash. It is nil if it has not.
	emptied atomic.Pointer[time.Time]
	// full is when a write last failed because the database is full. It is nil if none has.
	full atomic.Pointer[time.Time]
	// maxTasks limits the tasks of each installation, and maxBytes the size of all its files together.
	maxTasks, maxBytes int64
}

// newStore returns a store over a database whose tables are up to date.
func newStore(db *sql.DB) *store {
	return &store{db: db, writing: make(chan struct{}, 1), maxTasks: DefaultMaxTasks, maxBytes: DefaultMaxBytes}
}

// exec runs a statement that writes. Error: errFull if there is no room for it.
func (s *store) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
		result, err := s.db.ExecContext(ctx, query, args...)
		if err != nil && isFull(err) {
			now := time.Now()
			s.full.Store(&now)
			return nil, fmt.Errorf("%w: %w", errFull, err)
		}
		if err == nil && s.mayEmpty() {
			// If it fails, the next write tries again.
			_ = s.emptyTrash(ctx)
		}
		return result, err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// selectTasks reads all of a task but the file's content, which may be large.
const selectTasks = `SELECT t.id, t.name, t.done, f.name, f.type, f.size
	FROM tasks t LEFT JOIN attachments f ON f.installation = t.installation AND f.task = t.id
	WHERE t.installation = ? AND t.deleted = 0`

// scan reads a row of selectTasks.
func scan(row interface{ Scan(...any) error }) (task, error) {
	var t task
	var name, mediaType sql.NullString
	var size sql.NullInt64
	if err := row.Scan(&t.ID, &t.Name, &t.Done, &name, &mediaType, &size); err != nil {
		return task{}, noTask(err)
	}
	if name.Valid {
		t.File = &file{name.String, mediaType.String, size.Int64}
	}
	return t, nil
}

// list returns the tasks in the order of their creation. If there are none, it returns an empty list, not nil.
func (s *store) list(ctx context.Context, installation string) ([]task, error) {
	rows, err := s.db.QueryContext(ctx, selectTasks+` ORDER BY t.seq`, installation)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tasks := []task{}
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, t)
	}
	return tasks, rows.Err()
}

// get returns a task. Error: errNoTask.
func (s *store) get(ctx context.Context, installation, id string) (task, error) {
	return scan(s.db.QueryRowContext(ctx, selectTasks+` AND t.id = ?`, installation, id))
}

// countTasks counts the tasks of an installation, which is its parameter.
const countTasks = `(SELECT COUNT(*) FROM tasks WHERE installation = ? AND deleted = 0)`

// add makes a task, or returns the one that was made with this key before. created reports which. The errors are
// errKeyTaken if that task was made with another name, errNoTask if it has been deleted since (a late retry does not
// restore it), and errOverQuota.
func (s *store) add(ctx context.Context, installation, key, name string) (t task, created bool, err error) {
	t = task{ID: strings.ToLower(rand.Text()), Name: name}
	result, err := s.exec(ctx,
		`INSERT INTO tasks (installation, id, idempotency_key, name)
		SELECT ?, ?, ?, ? WHERE `+countTasks+` < ?
		ON CONFLICT (installation, idempotency_key) DO NOTHING`,
		installation, t.ID, key, name, installation, s.maxTasks)
	if err != nil {
		return task{}, false, err
	}
	if n, err := result.RowsAffected(); err != nil {
		return task{}, false, err
	} else if n > 0 { // D1 also counts the rows that triggers change
		return t, true, nil
	}
	t, err = scan(s.db.QueryRowContext(ctx, selectTasks+` AND t.idempotency_key = ?`, installation, key))
	if errors.Is(err, errNoTask) {
		var used bool
		err = s.db.QueryRowContext(ctx,
			`SELECT EXISTS (SELECT 1 FROM tasks WHERE installation = ? AND idempotency_key = ?)`, installation, key).Scan(&used)
		if err == nil {
			err = errOverQuota
			if used {
				err = errNoTask
			}
		}
	}
	if err != nil {
		return task{}, false, err
	}
	if t.Name == name {
		return t, false, nil
	}
	var renamed bool
	err = s.db.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM renamed WHERE installation = ? AND task = ?)`, installation, t.ID).Scan(&renamed)
	if err == nil && !renamed {
		err = errKeyTaken
	}
	if err != nil {
		return task{}, false, err
	}
	return t, false, nil
}

// edit changes a task and returns it. It does not change fields that are nil. Error: errNoTask.
func (s *store) edit(ctx context.Context, installation, id string, name *string, done *bool) (task, error) {
	err := oneRow(s.exec(ctx,
		`UPDATE tasks SET name = COALESCE(?, name), done = COALESCE(?, done)
		WHERE installation = ? AND id = ? AND deleted = 0`, orNull(name), orNull(done), installation, id))
	if err != nil {
		return task{}, err
	}
	return s.get(ctx, installation, id)
}

// orNull returns the value of a pointer, or nil, which databases store as NULL.
func orNull[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// remove deletes a task and its file. Both can be restored for a while: see restore. After that only the task's id and
// its key stay, without the name. Error: errNoTask.
func (s *store) remove(ctx context.Context, installation, id string) error {
	return oneRow(s.exec(ctx,
		`UPDATE tasks SET deleted = 1 WHERE installation = ? AND id = ? AND deleted = 0`, installation, id))
}

// oneRow returns errNoTask for a statement that found no row.
func oneRow(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return errNoTask
	}
	return err
}

// version returns a number that grows with each change of the installation's tasks. It returns 0 if there was no
// change.
func (s *store) version(ctx context.Context, installation string) (version int64, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT version FROM versions WHERE installation = ?`, installation).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, err
}

func noTask(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errNoTask
	}
	return err
}
