"""How often the judgement of a wave is wrong, by kind of shop: `wave_rates.py [SEEDS] [FIRST]`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

import review_shops as shops

from crisisctl.reviews.wave import judge

LEVELS = ("wave", "weak", "none", "too-little")


def main(seeds: int = 100, first: int = 0, only: str = "") -> None:
    for title, kinds in (("traps", shops.TRAPS), ("waves", shops.WAVES), ("weak", shops.WEAK)):
        total: Counter[str] = Counter()
        print(f"\n{title:42}" + "".join(f"{level:>11}" for level in LEVELS))
        for name, shop in kinds.items():
            if only not in f"{title}/{name}":
                continue
            found: Counter[str] = Counter()
            for seed in range(first, first + seeds):
                found[judge(shop(Random(f"{title}/{name}/{seed}"))).level] += 1
            total += found
            print(f"{name:42}" + "".join(f"{found[level]:11}" for level in LEVELS), flush=True)
        print(f"{'all':42}" + "".join(f"{total[level]:11}" for level in LEVELS))


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:3]), *sys.argv[3:4])
