package wasm

// ListenOption changes what [Listen] and [ListenFiles] do. A nil option changes nothing.
type ListenOption func(*listening)

// listening is what the options set.
type listening struct {
	preventDefault               bool
	stopPropagation              bool
	once, capture, passive       bool
	skipWhileRunning, newestOnly bool
}

// WithPreventDefault prevents the browser's own action for each event, such as sending a form or following a link, before
// the handler runs.
func WithPreventDefault() ListenOption { return func(l *listening) { l.preventDefault = true } }

// WithStopPropagation keeps each event from the elements around the target.
func WithStopPropagation() ListenOption { return func(l *listening) { l.stopPropagation = true } }

// WithOnce stops listening when the first event comes. The handler's context is then the one passed to Listen.
func WithOnce() ListenOption { return func(l *listening) { l.once = true } }

// WithCapture calls the handler before those of the elements inside the target.
func WithCapture() ListenOption { return func(l *listening) { l.capture = true } }

// WithPassive promises the browser that the handler does not prevent the event's default action, so that scrolling does not
// wait for it.
func WithPassive() ListenOption { return func(l *listening) { l.passive = true } }

// WithSkipWhileRunning ignores events that come while the handler still runs for an earlier one, such as a second click on
// a button that saves. WithPreventDefault and WithStopPropagation also apply to the ignored events.
func WithSkipWhileRunning() ListenOption { return func(l *listening) { l.skipWhileRunning = true } }

// WithNewestOnly ends the context of the handler's earlier call when the next event comes, as a search field needs it.
func WithNewestOnly() ListenOption { return func(l *listening) { l.newestOnly = true } }
