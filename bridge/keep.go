package bridge

import "sync"

// keeper holds what packages above this one keep with a client.
type keeper struct {
	mu     sync.Mutex
	values map[any]any
}

// Keep gives the client's own value for key, as made by create the first time: where a package keeps what belongs to a
// client and not to one call, such as a limit or a cache. As with context.WithValue, key is of the package's own type.
func (c *Client) Keep(key any, create func() any) any {
	c.kept.mu.Lock()
	defer c.kept.mu.Unlock()
	value, ok := c.kept.values[key]
	if !ok {
		if c.kept.values == nil {
			c.kept.values = map[any]any{}
		}
		value = create()
		c.kept.values[key] = value
	}
	return value
}
