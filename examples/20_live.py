"""A film that is watched while it is made, and turns to new words."""

import yozora

live = yozora.stream("a red ball bounces on a beach", seconds=2.0, seed=7)
for number, frame in enumerate(live):
    if number == 10:
        print("told:", live.steer("the ball is blue").caption)
    print(f"frame {number}: {frame.shape}, mean {frame.mean():.0f}")
print([span.caption for span in live.timeline.spans])
