import copy
import unittest

from comparison import measuring
from comparison.places import Unavailable
from comparison.workloads import WORKLOADS


def sample(*seconds):
    return {"block": 0, "program": "slow", "workload": "F", "threads": 1, "first_loss": 7.0, "last_loss": 6.0,
            "steps_ns": [int(second * 1e9) for second in seconds]}


class MeasuringTests(unittest.TestCase):
    def settle(self, *seconds):
        return measuring.settle(sample(*seconds), WORKLOADS["F"], 0.5, 8.0)

    def test_the_first_steps_are_dropped_and_the_others_counted_until_the_time_is_over(self):
        settled = self.settle(0.4, 0.4, *[1.0] * 9)
        self.assertEqual(settled["kept_steps"], 8)
        self.assertEqual(settled["tokens_per_second"], 4096)

    def test_two_steps_are_enough_where_they_are_long_and_five_where_they_are_short(self):
        self.assertEqual(self.settle(4.0, 4.0, 4.5)["kept_steps"], 2)
        with self.assertRaisesRegex(Unavailable, "only 1 steps"):
            self.settle(4.0, 4.0)
        with self.assertRaisesRegex(Unavailable, "only 4 steps"):
            self.settle(0.5, *[0.7] * 4)

    def test_a_loss_that_does_not_fall_is_refused(self):
        still = sample(*[1.0] * 10) | {"last_loss": 7.0}
        with self.assertRaisesRegex(Unavailable, "its loss went from 7.000 to 7.000"):
            measuring.settle(still, WORKLOADS["F"], 0.5, 8.0)

    def test_samples_are_judged_again_by_the_rule_of_today(self):
        late, never = sample(4.0, 4.0, 4.5), sample(4.0, 4.0) | {"block": 1}
        late["failure"] = never["failure"] = "an older rule"
        record = {"warmup": 0.5, "measure": 8.0, "titles": {"slow": "Slow"}, "samples": [late, never],
                  "failures": ["another", *(measuring.failure("Slow", entry, "an older rule") for entry in (late, never))]}
        judged = measuring.judge_again(record, WORKLOADS)
        self.assertEqual(judged["failures"], ["another", f"Slow, F, 1 threads, block 2: {never['failure']}"])
        self.assertNotIn("failure", judged["samples"][0])
        again = measuring.judge_again(copy.deepcopy(judged), WORKLOADS)
        self.assertEqual(again, judged)


if __name__ == "__main__":
    unittest.main()
