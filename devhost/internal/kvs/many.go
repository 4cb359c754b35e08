package kvs

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/smalljson"
)

// query answers a query of plain values. The cursor is the last key of the page before.
func query(all map[string]entry, body []byte) (any, error) {
	var in struct {
		Limit *int   `json:"limit"`
		After string `json:"after"`
		Where smalljson.List[struct {
			Property  string                          `json:"property"`
			Condition string                          `json:"condition"`
			Values    smalljson.List[json.RawMessage] `json:"values"`
		}] `json:"where"`
	}
	if err := read(body, &in); err != nil {
		return nil, err
	}
	limit := defaultLimit
	if in.Limit != nil {
		limit = *in.Limit
	}
	if limit < 1 || limit > maxLimit {
		return nil, refuse("LIMIT_OUT_OF_RANGE", "The limit of a query is from 1 to %d", maxLimit)
	}
	prefix := ""
	if len(in.Where) > 0 {
		w := in.Where[0]
		if len(in.Where) > 1 || w.Property != "key" || w.Condition != "BEGINS_WITH" || len(w.Values) != 1 || json.Unmarshal(w.Values[0], &prefix) != nil {
			return nil, refuse("INVALID_QUERY", "A query of the key-value store has one condition at most: where('key', WhereConditions.beginsWith(text))")
		}
	}
	out := struct {
		Data   []pair `json:"data"`
		Cursor string `json:"cursor,omitempty"`
	}{Data: []pair{}}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if key <= in.After && in.After != "" || !strings.HasPrefix(key, prefix) {
			continue
		}
		if len(out.Data) == limit {
			out.Cursor = out.Data[limit-1].Key
			break
		}
		out.Data = append(out.Data, all[key].pair(key))
	}
	return out, nil
}

// items are the items of a request. After one too many the rest is not decoded: a few megabytes of "{}," become hundreds.
type items []item

// UnmarshalJSON implements [json.Unmarshaler].
func (l *items) UnmarshalJSON(data []byte) error {
	*l = nil
	d := json.NewDecoder(bytes.NewReader(data))
	switch begin, err := d.Token(); {
	case err != nil:
		return err
	case begin == nil: // null
		return nil
	case begin != json.Delim('['):
		return errors.New("not a list")
	}
	for d.More() && len(*l) <= maxOperations {
		var i item
		if err := d.Decode(&i); err != nil {
			return err
		}
		*l = append(*l, i)
	}
	return nil
}

// transact carries out all operations, or none.
func (s *Store) transact(all table, body []byte) error {
	var in struct{ Set, Delete, Check items }
	if err := read(body, &in); err != nil {
		return err
	}
	if len(in.Check) > 0 {
		return ErrEntities
	}
	switch n := len(in.Set) + len(in.Delete); {
	case n == 0:
		return refuse("INVALID_TRANSACTION", "The transaction has no operation")
	case n > maxOperations:
		return refuse("INVALID_TRANSACTION", "The transaction has more than %d operations", maxOperations)
	}
	if err := unique(slices.Concat(in.Set, in.Delete)); err != nil {
		return err
	}
	for _, i := range in.Set {
		if err := i.checkSet(); err != nil {
			return err
		}
	}
	for _, i := range in.Delete {
		if err := i.check(); err != nil {
			return err
		}
	}
	if err := all.hasRoom(in.Set...); err != nil {
		return err
	}
	for _, i := range in.Set {
		s.put(all, i)
	}
	for _, i := range in.Delete {
		all.remove(i.Key)
	}
	return nil
}

func unique(items []item) error {
	seen := map[string]bool{}
	for _, i := range items {
		if seen[i.Key] {
			return refuse("DUPLICATE_KEY", "The key %q is used twice", i.Key)
		}
		seen[i.Key] = true
	}
	return nil
}

// failedItem is an operation of a batch that failed. The others are carried out.
type failedItem struct {
	Key   string `json:"key"`
	Error *Error `json:"error"`
}

// batch carries out the operations of batchGet, batchSet or batchDelete, as many as possible.
func (s *Store) batch(all table, name string, body []byte) (answer any, changed bool, err error) {
	var list items
	if err := read(body, &list); err != nil {
		return nil, false, err
	}
	switch {
	case len(list) == 0:
		return nil, false, refuse("INVALID_BATCH", "The batch has no operation")
	case len(list) > maxOperations:
		return nil, false, refuse("INVALID_BATCH", "The batch has more than %d operations", maxOperations)
	}
	if err := unique(list); err != nil {
		return nil, false, err
	}
	for _, i := range list {
		if err := i.check(); errors.Is(err, ErrEntities) {
			return nil, false, err // before anything is changed
		}
	}
	done, failed := []any{}, []failedItem{}
	for _, i := range list {
		var result any = map[string]string{"key": i.Key}
		switch name {
		case "get":
			result, err = get(all, i)
		case "set":
			_, err = s.set(all, i)
		case "delete":
			err = remove(all, i)
		default:
			return nil, false, &Error{http.StatusNotFound, "NOT_FOUND", "The local host has no batch " + name}
		}
		if e, ok := errors.AsType[*Error](err); ok {
			failed = append(failed, failedItem{i.Key, e})
			continue
		}
		if err != nil {
			return nil, changed, err
		}
		changed = changed || name != "get"
		done = append(done, result)
	}
	return map[string]any{"successfulKeys": done, "failedKeys": failed}, changed, nil
}
