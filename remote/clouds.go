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
	// maxClouds is how many clouds' keys are kept, where the clouds are not listed.
	maxClouds = 16
)

// clouds are the key sets of isolated clouds, one for each label.
type clouds struct {
	listed []string // if there are any, no others are accepted
	newSet func(label string) *keySet

	mu    sync.Mutex
	sets  map[string]*keySet
	tried time.Time // when a cloud without keys was last given its turn
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
			return nil, fmt.Errorf("label %q of an isolated cloud has other characters than a-z, 0-9, _ and -, or more than 50", label)
		}
		c.sets[label] = c.newSet(label)
	}
	return c, nil
}

func (s *settings) checkTemplate() error {
	if !strings.Contains(s.template, labelPlace) {
		return errors.New("does not say " + labelPlace)
	}
	// It stands for the label, so that the rest is judged as it will be.
	const sample = "iclabel"
	text := strings.ReplaceAll(s.template, labelPlace, sample)
	u, err := parseAddress(text)
	if err != nil {
		return err
	}
	if strings.Contains(hostOf(s.template), labelPlace) && len(s.labels) == 0 {
		_, fixed, _ := strings.Cut(u.Hostname()[strings.LastIndex(u.Hostname(), sample):], ".")
		if len(strings.FieldsFunc(fixed, func(r rune) bool { return r == '.' })) < 2 {
			return errors.New("lets the label choose the domain, which anybody can register; list the labels that are to be accepted")
		}
	}
	return nil
}

// hostOf is what stands between the scheme and the path.
func hostOf(template string) string {
	_, rest, _ := strings.Cut(template, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// keysOf returns the key set of the cloud with this label, which is a stranger's text until a key of that set has vouched
// for it.
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
	// From here on the cloud may be an invention: all such share one request in 30 seconds.
	if !c.tried.IsZero() && time.Since(c.tried) < refetchAfter {
		if ok {
			return set, nil
		}
		return nil, fmt.Errorf("%w: another new one was asked for less than %v ago", ErrIsolatedCloud, refetchAfter)
	}
	for other, unproven := range c.sets {
		if other != label && !unproven.any() {
			delete(c.sets, other)
		}
	}
	if !ok && len(c.sets) >= maxClouds {
		return nil, fmt.Errorf("%w: there are %d already; list those that are to be accepted", ErrIsolatedCloud, maxClouds)
	}
	c.tried = time.Now()
	if !ok {
		set = c.newSet(label)
		c.sets[label] = set
	}
	return set, nil
}
