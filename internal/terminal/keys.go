package terminal

import (
	"os"
	"sync"
)

// escape begins what a terminal sends for a key without a character, such as an arrow.
const escape = 0x1b

// Keys reads single keys from a terminal. It does not show them, and the user need not press Enter. Ctrl-C and Ctrl-Z send
// their signals as always.
type Keys struct {
	in *os.File
	mode
	// done ends what start began.
	done func()

	mu     sync.Mutex
	closed bool
}

// OpenKeys calls pressed with each key until Close. Keys without an ASCII character are left out. OpenKeys returns an error
// if in is not a terminal, or if this process is not in its foreground.
func OpenKeys(in *os.File, pressed func(key byte)) (*Keys, error) {
	k := &Keys{in: in}
	if err := k.open(in); err != nil {
		return nil, err
	}
	k.done = k.start()
	go k.read(pressed)
	return k, nil
}

func (k *Keys) read(pressed func(byte)) {
	buffer := make([]byte, 64)
	for {
		n, err := k.in.Read(buffer)
		if k.isClosed() || err != nil && !k.retry(err) {
			return
		}
		for _, key := range characters(buffer[:n]) {
			pressed(key)
		}
	}
}

// characters returns the ASCII characters in what a terminal has sent, without the sequences of other keys. Source:
// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-PC-Style-Function-Keys
func characters(sent []byte) (keys []byte) {
	for i := 0; i < len(sent); i++ {
		switch {
		case sent[i] == escape && i+1 < len(sent) && sent[i+1] == '[':
			// The sequence ends with the first byte that is neither a parameter nor an intermediate.
			for i += 2; i < len(sent) && sent[i] < 0x40; i++ {
			}
		case sent[i] == escape && i+1 < len(sent) && sent[i+1] == 'O':
			i += 2
		case sent[i] == escape:
			i++ // Alt and a key
		case sent[i] < 0x80:
			keys = append(keys, sent[i])
		}
	}
	return keys
}

func (k *Keys) isClosed() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.closed
}

// Close makes the terminal what it was before OpenKeys. It may be called several times.
func (k *Keys) Close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return
	}
	k.closed = true
	k.done()
	k.leave()
}
