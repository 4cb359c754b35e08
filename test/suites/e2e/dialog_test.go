package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// dialog is the app's page in the dialog that the app has opened. Its address is the same as the address of the app's other
// page. So the test finds it by its place: it is the last frame of the product page.
type dialog struct{ app }

func (a app) dialog() dialog { return dialog{a} }

// wait waits until a JavaScript expression is true in the dialog.
func (d dialog) wait(t *testing.T, what, expression string) {
	t.Helper()
	d.Page.Until(what, func(ctx context.Context) (bool, error) {
		tree, err := page.GetFrameTree().Do(ctx)
		if err != nil {
			return false, err
		}
		if len(tree.ChildFrames) < 2 {
			return false, errors.New("there is no dialog")
		}
		// An isolated world can see the document, and the test does not need to keep track of the frame's contexts.
		world, err := page.CreateIsolatedWorld(tree.ChildFrames[len(tree.ChildFrames)-1].Frame.ID).Do(ctx)
		if err != nil {
			return false, err
		}
		value, exception, err := runtime.Evaluate("Boolean(" + expression + ")").WithContextID(world).WithReturnByValue(true).Do(ctx)
		if err != nil || exception != nil {
			return false, errors.Join(err, errors.New("not so yet"))
		}
		var ok bool
		err = json.Unmarshal([]byte(value.Value), &ok)
		return ok, err
	})
}
