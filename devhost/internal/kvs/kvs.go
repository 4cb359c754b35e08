// Package kvs is Forge's key-value store on this machine: what npm's @forge/kvs 1.6.5 calls, but without custom entities.
//
// Sources: https://developer.atlassian.com/platform/forge/storage-reference/kvs-api/ and the pages beside it for queries,
// transactions, batches and limits, https://developer.atlassian.com/platform/forge/storage-reference/handling-errors-kvs for
// the codes of errors, and @forge/kvs for requests and answers.
package kvs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The documented limits.
const (
	maxKey        = 500
	maxValue      = 240 << 10
	maxOperations = 25
	maxPayload    = 4 << 20
	defaultLimit  = 10
	maxLimit      = 100
	maxTTL        = 366 * 24 * time.Hour
)

// How many values a site may have here, and their size with their keys, in bytes, so that a loop does not fill the memory.
const (
	maxValues = 100_000
	maxSite   = 128 << 20
)

// prefix is that of all paths.
const prefix = "/api/v1/"

var keyPattern = regexp.MustCompile(`^[a-zA-Z0-9:._\s\-#]+$`)

// Error is an answer that @forge/kvs throws as a ForgeKvsAPIError.
type Error struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// refuse returns an error with the status 400.
func refuse(code, format string, args ...any) error {
	return &Error{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

// ErrEntities means that the app uses custom entities.
var ErrEntities = errors.New("the local host has no custom entities (kvs.entity)")

// Store holds the values of all sites. The zero value is in memory. It is safe for concurrent use.
type Store struct {
	// queue guards waiting, the calls that wait while others are carried out.
	queue   sync.Mutex
	waiting []*call

	// mu guards the rest.
	mu    sync.Mutex
	sites map[int]*values
	// file is where the values were read from. If sites is nil, they must be read again.
	file    File
	version version
	// encoded is the buffer for the file's content.
	encoded bytes.Buffer
	// now is the time. Tests replace it.
	now func() time.Time
}

// values are those of a site.
type values struct {
	// Plain and Secret are apart: a query does not return secrets.
	Plain  map[string]entry `json:"values,omitempty"`
	Secret map[string]entry `json:"secrets,omitempty"`

	// size is that of all keys and values, in bytes.
	size int
}

// table is the plain or the secret values of a site.
type table struct {
	*values
	entries map[string]entry
}

func (t table) remove(key string) {
	if e, ok := t.entries[key]; ok {
		t.size -= len(key) + len(e.Value)
		delete(t.entries, key)
	}
}

// hasRoom returns an error if new values would be too many, or too large together.
func (t table) hasRoom(items ...item) error {
	number, size := len(t.entries), t.size
	for _, i := range items {
		if e, ok := t.entries[i.Key]; ok {
			number, size = number-1, size-len(i.Key)-len(e.Value)
		}
		number, size = number+1, size+len(i.Key)+len(i.Value)
	}
	if number > maxValues || size > maxSite {
		return refuse("QUOTA_EXCEEDED", "The local host keeps at most %d values and %d MB for a site", maxValues, maxSite>>20)
	}
	return nil
}

type entry struct {
	Value json.RawMessage `json:"value"`
	// Created and Updated are in milliseconds since 1970.
	Created int64 `json:"createdAt"`
	Updated int64 `json:"updatedAt"`
	// Expires is zero if the value does not expire.
	Expires time.Time `json:"expireTime,omitzero"`
}

// pair is a value as the API returns it.
type pair struct {
	Key     string          `json:"key"`
	Value   json.RawMessage `json:"value"`
	Created int64           `json:"createdAt"`
	Updated int64           `json:"updatedAt"`
	Expires string          `json:"expireTime,omitempty"`
}

func (e entry) pair(key string) pair {
	p := pair{key, e.Value, e.Created, e.Updated, ""}
	if !e.Expires.IsZero() {
		p.Expires = e.Expires.UTC().Format("2006-01-02T15:04:05.000Z07:00")
	}
	return p
}

type options struct {
	TTL *struct {
		Value float64 `json:"value"`
		Unit  string  `json:"unit"`
	} `json:"ttl"`
	KeyPolicy   string `json:"keyPolicy"`
	ReturnValue string `json:"returnValue"`
}

// item is one operation.
type item struct {
	Key        string          `json:"key"`
	Value      json.RawMessage `json:"value"`
	EntityName string          `json:"entityName"`
	Conditions json.RawMessage `json:"conditions"`
	Options    options         `json:"options"`
}

// site returns the values of a site. It removes expired values first.
func (s *Store) site(number int) *values {
	of := s.sites[number]
	if of == nil {
		of = &values{Plain: map[string]entry{}, Secret: map[string]entry{}}
		s.sites[number] = of
	}
	now := s.time()
	for _, t := range of.tables() {
		for key, e := range t.entries {
			if !e.Expires.IsZero() && !e.Expires.After(now) {
				t.remove(key)
			}
		}
	}
	return of
}

func (v *values) tables() []table { return []table{{v, v.Plain}, {v, v.Secret}} }

func (s *Store) time() time.Time {
	if s.now != nil {
		return s.now()
	}
	return time.Now()
}

func (s *Store) carryOut(of *values, path string, body []byte) (answer any, changed bool, err error) {
	name, ok := strings.CutPrefix(path, prefix)
	all := table{of, of.Plain}
	if secret, isSecret := strings.CutPrefix(name, "secret/"); isSecret {
		name, all.entries = secret, of.Secret
	}
	switch {
	case !ok:
		name = ""
	case strings.HasPrefix(name, "entity/"):
		return nil, false, ErrEntities
	case name == "query":
		answer, err = query(of.Plain, body)
		return answer, false, err
	case name == "transaction":
		err = s.transact(all, body)
		return nil, err == nil, err
	case strings.HasPrefix(name, "batch/"):
		return s.batch(all, strings.TrimPrefix(name, "batch/"), body)
	}
	var in item
	if err := read(body, &in); err != nil {
		return nil, false, err
	}
	switch name {
	case "get":
		answer, err = get(all, in)
	case "set":
		answer, err = s.set(all, in)
		return answer, err == nil, err
	case "delete":
		err = remove(all, in)
		return nil, err == nil, err
	default:
		err = &Error{http.StatusNotFound, "NOT_FOUND", "The local host has no operation " + strconv.Quote(path) + " of the key-value store"}
	}
	return answer, false, err
}

// read decodes a request.
func read(body []byte, to any) error {
	if err := json.Unmarshal(body, to); err != nil {
		return refuse("INVALID_REQUEST", "The request is not the JSON that @forge/kvs sends")
	}
	return nil
}

// check returns an error for a key that Forge refuses.
func (i item) check() error {
	switch {
	case i.EntityName != "" || len(i.Conditions) > 0:
		return ErrEntities
	case i.Key == "":
		return refuse("KEY_TOO_SHORT", "The key is empty")
	case len([]rune(i.Key)) > maxKey:
		return refuse("KEY_TOO_LONG", "The key has more than %d characters", maxKey)
	case !keyPattern.MatchString(i.Key) || strings.TrimSpace(i.Key) == "":
		return refuse("INVALID_KEY", "The key does not match the regex: /^(?!\\s+$)[a-zA-Z0-9:._\\s-#]+$/")
	}
	return nil
}

// checkSet also looks at the value and the options.
func (i item) checkSet() error {
	if err := i.check(); err != nil {
		return err
	}
	switch {
	case len(i.Value) == 0 || string(i.Value) == "null":
		return refuse("INVALID_VALUE", "The value of %q is undefined or null", i.Key)
	case len(i.Value) > maxValue:
		return refuse("MAX_SIZE", "The value of %q has more than 240 KiB", i.Key)
	case !json.Valid(slices.Concat([]byte("[[[["), i.Value, []byte("]]]]"))): // as deep as it is in the file
		return refuse("INVALID_VALUE", "The value of %q is nested too deeply", i.Key)
	}
	if ttl := i.Options.TTL; ttl != nil {
		if unit := units[ttl.Unit]; unit == 0 || ttl.Value <= 0 || ttl.Value > float64(maxTTL/unit) {
			return refuse("INVALID_TTL", "The ttl of %q is not a number of SECONDS, MINUTES, HOURS or DAYS, up to a year", i.Key)
		}
	}
	return nil
}

var units = map[string]time.Duration{"SECONDS": time.Second, "MINUTES": time.Minute, "HOURS": time.Hour, "DAYS": 24 * time.Hour}

func get(all table, in item) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	e, ok := all.entries[in.Key]
	if !ok {
		return nil, &Error{http.StatusNotFound, "KEY_NOT_FOUND", "There is no value with this key"}
	}
	return e.pair(in.Key), nil
}

// set returns the value that its options ask for.
func (s *Store) set(all table, in item) (any, error) {
	if err := in.checkSet(); err != nil {
		return nil, err
	}
	before, exists := all.entries[in.Key]
	if exists && in.Options.KeyPolicy == "FAIL_IF_EXISTS" {
		return nil, &Error{http.StatusConflict, "KEY_ALREADY_EXISTS", "There is a value with this key already"}
	}
	if err := all.hasRoom(in); err != nil {
		return nil, err
	}
	s.put(all, in)
	switch {
	case in.Options.ReturnValue == "LATEST":
		return all.entries[in.Key].pair(in.Key), nil
	case in.Options.ReturnValue == "PREVIOUS" && exists:
		return before.pair(in.Key), nil
	}
	return nil, nil
}

// put stores a value that was checked.
func (s *Store) put(all table, in item) {
	now := s.time()
	e := entry{Value: in.Value, Created: now.UnixMilli(), Updated: now.UnixMilli()}
	if before, ok := all.entries[in.Key]; ok {
		e.Created = before.Created
	}
	if ttl := in.Options.TTL; ttl != nil {
		e.Expires = now.Add(time.Duration(ttl.Value * float64(units[ttl.Unit])))
	}
	all.remove(in.Key)
	all.entries[in.Key] = e
	all.size += len(in.Key) + len(in.Value)
}

func remove(all table, in item) error {
	if err := in.check(); err != nil {
		return err
	}
	all.remove(in.Key)
	return nil
}
