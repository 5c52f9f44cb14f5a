#!/usr/bin/env python3
"""Holds a report of `spillcheck history` to plain git.

    spillcheck history REPOSITORY --format json > REPORT
    tests/history-check.py REPOSITORY REPORT [SAMPLE [SEED]]

Takes a sample (50) of the places in the report, and for each of them looks at that path in every commit that any
reference reaches, by `git log` and `git cat-file` and nothing of ours. The commits that have the line of the secret
there, and those that have the secret in any line, give two answers: the oldest commit that brought it, the newest that
has it, how many there are, whether HEAD has it, and which references lead to it. Mostly they are the same; what the
report says has to be between them, since a rule may know a secret by what stands around it. Passes over secrets of
fewer than 8 bytes, words that mean nothing elsewhere in a file. Never shows a secret.

Exit code 1 if anything differs. Some minutes for a hundred thousand commits.
"""

import json
import os
import random
import re
import subprocess
import sys

ENVIRONMENT = dict(os.environ, GIT_NO_LAZY_FETCH="1", GIT_NO_REPLACE_OBJECTS="1")
SHOWN_REFS = 20
SHORTEST = 8
PREFIXES = ("refs/heads/", "refs/tags/", "refs/remotes/", "refs/")


class Git:
    """One repository, with all its commits."""

    def __init__(self, path):
        self.path = path
        self.entries = {}
        self.commits = {}
        log = self.run("log", "--all", "HEAD", "--topo-order", "--format=%H %T %ct %at %P")
        for line in log.decode().splitlines():
            commit, tree, committed, authored, *parents = line.split()
            self.commits[commit] = (tree, int(committed), int(authored), parents)
        self.oldest_first = list(reversed(self.commits))
        self.refs = []
        listed = self.run("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)")
        for line in listed.decode().splitlines():
            name, target, *peeled = line.split()
            self.refs.append((short(name), peeled[0] if peeled else target))
        self.head = self.run("rev-parse", "HEAD").decode().strip()
        self.refs.append(("HEAD", self.head))

    def run(self, *args, stdin=None):
        command = ["git", "-C", self.path, *args]
        done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, env=ENVIRONMENT, check=True)
        return done.stdout

    def below(self, trees, name):
        """What trees have under a name, by tree."""
        unknown = sorted({tree for tree in trees if (tree, name) not in self.entries})
        asked = "".join(f"{tree}:{name}\n" for tree in unknown).encode()
        told = self.run("cat-file", "--batch-check=%(objectname)", stdin=asked).decode().splitlines()
        for tree, line in zip(unknown, told, strict=True):
            self.entries[tree, name] = None if " " in line else line
        return {tree: self.entries[tree, name] for tree in trees}

    def versions(self, path):
        """What every commit that has the path has there, by commit."""
        at = {commit: tree for commit, (tree, *_) in self.commits.items()}
        for name in path.split("/"):
            found = self.below(set(at.values()), name)
            at = {commit: found[tree] for commit, tree in at.items() if found[tree]}
        return at

    def order(self, commit):
        """By the time when it was committed, then when it was written."""
        return (*self.commits[commit][1:3], commit)

    def content(self, blob):
        return self.run("cat-file", "blob", blob)


def short(name):
    prefix = next((prefix for prefix in PREFIXES if name.startswith(prefix)), "")
    return name[len(prefix):]


def alone(text, start, end):
    """Matches a part of a text, but not in a longer word if it is none here: `secret` is not in `random_secret`."""
    word = rb"[A-Za-z0-9_]"
    before = b"" if re.match(word, text[max(start - 1, 0):start]) else rb"(?<!" + word + rb")"
    after = b"" if re.match(word, text[end:end + 1]) else rb"(?!" + word + rb")"
    return re.compile(before + re.escape(text[start:end]) + after)


def expected(git, versions, pattern):
    """What a report has to say of a pattern at a path with these versions."""
    holds = {blob: pattern.search(git.content(blob)) for blob in set(versions.values())}
    carriers = {commit for commit, blob in versions.items() if holds[blob]}
    brought = [c for c in carriers if not carriers.intersection(git.commits[c][3])]
    led = set()
    for commit in git.oldest_first:
        if commit in carriers or led.intersection(git.commits[commit][3]):
            led.add(commit)
    return {
        "first": min(git.order(commit) for commit in brought),
        "last": max(git.order(commit) for commit in carriers),
        "count": len(carriers),
        "in_head": git.head in carriers,
        "refs": {name for name, commit in git.refs if commit in led},
    }


def told(git, places):
    """What a report says of places, of one or of the same secret by several rules in different versions."""
    commits = [place["commits"] for place in places]
    return {
        "first": min(git.order(one["first"]["id"]) for one in commits),
        "last": max(git.order(one["last"]["id"]) for one in commits),
        "count": sum(one["count"] for one in commits),
        "in_head": any(one["in_head"] for one in commits),
        "refs": {name for one in commits for name in one["refs"]},
    }


def differences(said, least, most):
    """What of what was said is not between two truths."""
    right = {
        "first": most["first"] <= said["first"] <= least["first"],
        "last": least["last"] <= said["last"] <= most["last"],
        "count": least["count"] <= said["count"] <= most["count"],
        "in_head": least["in_head"] <= said["in_head"] <= most["in_head"],
        "refs": said["refs"] <= most["refs"] and len(said["refs"]) >= min(len(least["refs"]), SHOWN_REFS),
    }
    shown = lambda value: f"{len(value)} names" if isinstance(value, set) else value
    wrong = [key for key, is_right in right.items() if not is_right]
    return [f"{key}: told {shown(said[key])}, is {shown(least[key])} to {shown(most[key])}" for key in wrong]


def path_of(place):
    return place["path"].split(":", 1)[1]


def secret_of(git, place):
    """The text of the first commit that is told, and where in it the secret is."""
    text = git.content(f"{place['commits']['first']['id']}:{path_of(place)}")
    start = place["offset"]
    return text, start, start + place["length"]


def is_same(git, place, secret):
    text, start, end = secret_of(git, place)
    return text[start:end] == secret


def check(git, place, places):
    """What is wrong about a place, and whether there was but one truth."""
    text, start, end = secret_of(git, place)
    number = text.count(b"\n", 0, start) + 1
    line = text.split(b"\n")[number - 1].strip()
    versions = git.versions(path_of(place))
    least = expected(git, versions, re.compile(rb"(?m)^\s*" + re.escape(line) + rb"\s*$"))
    most = expected(git, versions, alone(text, start, end))
    wrong = differences(told(git, [place]), least, most)
    if wrong:
        at_path = [other for other in places if path_of(other) == path_of(place)]
        same = [other for other in at_path if is_same(git, other, text[start:end])]
        joined = told(git, same)
        # Several rules may have it in one commit, in different lines.
        joined["count"] = min(joined["count"], most["count"])
        wrong = wrong if differences(joined, least, most) else []
    if number != place["start"]["line"]:
        wrong.append(f"line: told {place['start']['line']}, is {number}")
    return wrong, least == most


def main():
    repository, report, *rest = sys.argv[1:]
    size, seed = (int(value) for value in (rest + ["50", "1"][len(rest):]))
    with open(report, encoding="utf-8") as file:
        findings = json.load(file)["findings"]
    places = [place for finding in findings for place in finding["occurrences"] if place.get("commits")]
    long = [place for place in places if place["length"] >= SHORTEST]
    chosen = random.Random(seed).sample(long, min(size, len(long)))
    git = Git(repository)
    bad = exact = 0
    for place in chosen:
        wrong, is_exact = check(git, place, places)
        bad += bool(wrong)
        exact += is_exact and not wrong
        for what in wrong:
            print(f"{place['path']}:{place['start']['line']}: {what}")
    print(f"{len(chosen) - bad} of {len(chosen)} places are as git has them ({exact} to the commit), of {len(places)}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
