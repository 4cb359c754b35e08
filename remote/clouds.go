package remote

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	labelPlace = "{IC_LABEL}"
	// maxClouds limits how many key sets are kept if no labels are listed.
	maxClouds = 16
)

// clouds holds the key sets of isolated clouds, one for each label.
type clouds struct {
	listed []string // if it is not empty, other labels are refused
	newSet func(label string) *keySet

	mu    sync.Mutex
	sets  map[string]*keySet
	tried time.Time // when the keys of an unknown cloud were last fetched
}

// newClouds returns nil if isolated clouds are off.
func (s *settings) newClouds() (*clouds, error) {
	if !s.isolated {
		return nil, nil
	}
	if err := s.checkTemplate(); err != nil {
		return nil, fmt.Errorf("template of isolated clouds %q: %w", s.template, err)
	}
	template, client, log := s.template, s.client, s.log
	c := &clouds{listed: s.labels, sets: make(map[string]*keySet), newSet: func(label string) *keySet {
		return newKeySet(strings.ReplaceAll(template, labelPlace, label), client, log)
	}}
	for _, label := range s.labels {
		if !icLabel.MatchString(label) {
			return nil, fmt.Errorf("label %q of an isolated cloud is not 1 to 50 characters from a-z, 0-9, _ and -", label)
		}
		c.sets[label] = c.newSet(label)
	}
	return c, nil
}

func (s *settings) checkTemplate() error {
	if !strings.Contains(s.template, labelPlace) {
		return errors.New("does not contain " + labelPlace)
	}
	// A sample label makes the template a URL that can be checked.
	const sample = "iclabel"
	text := strings.ReplaceAll(s.template, labelPlace, sample)
	u, err := parseAddress(text)
	if err != nil {
		return err
	}
	if strings.Contains(hostOf(s.template), labelPlace) && len(s.labels) == 0 {
		_, fixed, _ := strings.Cut(u.Hostname()[strings.LastIndex(u.Hostname(), sample):], ".")
		if len(strings.FieldsFunc(fixed, func(r rune) bool { return r == '.' })) < 2 {
			return errors.New("lets the label choose the domain, which anybody can register; list the labels to accept")
		}
	}
	return nil
}

// hostOf returns the part of template between the scheme and the path.
func hostOf(template string) string {
	_, rest, _ := strings.Cut(template, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// keysOf returns the key set of the cloud with this label. The label is untrusted text until a key of that set has verified
// the token.
func (c *clouds) keysOf(label string) (*keySet, error) {
	if !icLabel.MatchString(label) {
		return nil, errLabel
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	set, ok := c.sets[label]
	if ok && (len(c.listed) > 0 || set.any()) {
		return set, nil
	}
	if len(c.listed) > 0 {
		return nil, ErrIsolatedCloud
	}
	// From here on, the label may be invented. All such labels share one request in 30 seconds.
	if !c.tried.IsZero() && time.Since(c.tried) < refetchAfter {
		if ok {
			return set, nil
		}
		return nil, fmt.Errorf("%w: the keys of another new cloud were fetched less than %v ago", ErrIsolatedCloud, refetchAfter)
	}
	for other, unproven := range c.sets {
		if other != label && !unproven.any() {
			delete(c.sets, other)
		}
	}
	if !ok && len(c.sets) >= maxClouds {
		return nil, fmt.Errorf("%w: there are %d clouds already; list the labels to accept", ErrIsolatedCloud, maxClouds)
	}
	c.tried = time.Now()
	if !ok {
		set = c.newSet(label)
		c.sets[label] = set
	}
	return set, nil
}
