#!/usr/bin/env python3
"""Holds a report of `spillcheck history` to plain git.

    spillcheck history REPOSITORY --format json > REPORT
    tests/history-check.py REPOSITORY REPORT [SAMPLE [SEED]]

Takes a sample (50) of the places in the report, and for each of them looks at that path in every commit that any
reference reaches, by `git log` and `git cat-file` and nothing of ours: which commits have the bytes of the secret there.
From these follow the oldest commit that brought it, the newest that has it, how many there are, whether HEAD has it, and
which references lead to it; all of that has to be what the report says. Never shows a secret. Passes over secrets of fewer
than 8 bytes, words that mean nothing elsewhere in the file, and takes together what several rules say of one secret. What
differs then is to be looked at: a rule may know a secret by what stands around it, and other versions have that otherwise.

Exit code 1 if anything differs. A minute for a hundred thousand commits.
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
    """What a report has to say of a secret at a path with these versions."""
    holds = {blob: pattern.search(git.content(blob)) for blob in set(versions.values())}
    carriers = {commit for commit, blob in versions.items() if holds[blob]}
    order = lambda commit: (*git.commits[commit][1:3], commit)
    brought = [c for c in carriers if not carriers.intersection(git.commits[c][3])]
    led = set()
    for commit in git.oldest_first:
        if commit in carriers or led.intersection(git.commits[commit][3]):
            led.add(commit)
    names = {name for name, commit in git.refs if commit in led}
    return {
        "first": min(brought, key=order),
        "last": max(carriers, key=order),
        "count": len(carriers),
        "in_head": git.head in carriers,
        "refs": sorted(names, key=lambda name: (name.count("/"), name))[:SHOWN_REFS],
    }


def told(place):
    """What a report says of a place."""
    commits = place["commits"]
    ends = {end: (commits[end]["committed"], commits[end]["authored"], commits[end]["id"]) for end in ("first", "last")}
    return {**{key: commits[key] for key in ("count", "in_head", "refs")}, **ends}


def together(places):
    """What a report says of places that several rules found."""
    all_told = [told(place) for place in places]
    refs = {name for one in all_told for name in one["refs"]}
    return {
        "first": min(one["first"] for one in all_told)[-1],
        "last": max(one["last"] for one in all_told)[-1],
        "count": [max(one["count"] for one in all_told), sum(one["count"] for one in all_told)],
        "in_head": any(one["in_head"] for one in all_told),
        "refs": sorted(refs, key=lambda name: (name.count("/"), name))[:SHOWN_REFS],
    }


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
    """What is wrong about a place."""
    text, start, end = secret_of(git, place)
    at_path = [other for other in places if path_of(other) == path_of(place)]
    same = [other for other in at_path if is_same(git, other, text[start:end])]
    line = text.count(b"\n", 0, start) + 1
    said = together(same)
    wrong = []
    if line != place["start"]["line"] or len(text) < end:
        wrong.append(f"line: told {place['start']['line']}, is {line}")
    truth = expected(git, git.versions(path_of(place)), alone(text, start, end))
    # Two rules may have found it in the same commits, or in others.
    least, most = said["count"]
    said["count"] = min(max(truth["count"], least), most)
    return wrong + [f"{key}: told {said[key]}, is {truth[key]}" for key in truth if said[key] != truth[key]]


def main():
    repository, report, *rest = sys.argv[1:]
    size, seed = (int(value) for value in (rest + ["50", "1"][len(rest):]))
    with open(report, encoding="utf-8") as file:
        findings = json.load(file)["findings"]
    places = [place for finding in findings for place in finding["occurrences"] if place.get("commits")]
    long = [place for place in places if place["length"] >= SHORTEST]
    chosen = random.Random(seed).sample(long, min(size, len(long)))
    git = Git(repository)
    bad = 0
    for place in chosen:
        wrong = check(git, place, places)
        bad += bool(wrong)
        for what in wrong:
            print(f"{place['path']}:{place['start']['line']}: {what}")
    print(f"{len(chosen) - bad} of {len(chosen)} places are as git has them, of {len(places)} in the report")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
