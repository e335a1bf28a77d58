# SPDX-License-Identifier: MIT
"""The command line: what `python3 -m haggle_analysis FILE.h5 …` does."""

import argparse
import sys
from pathlib import Path

from . import axes, gallery, style
from .figure import FORMATS, phase_diagram, save
from .load import BadFile, codes, inner_dims, load, outputs
from .select import KINDS, SETS, default_output

DONE, USAGE, IO = 0, 2, 4


def main(arguments=None) -> int:
    """Returns the exit code: 0 done, 2 usage (a picture in the way, too), 4 a file that can't be read or written."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments[:1] == ["gallery"]:
        return _gallery(_gallery_parser().parse_args(arguments[1:]))
    options = _parser().parse_args(arguments)
    try:
        if options.list:
            with load(options.file) as dataset:
                print(listing(dataset))
            return DONE
        target = Path(options.o) if options.o else _default_target(options)
        if target.suffix.lower() not in FORMATS:
            raise axes.BadRequest(f"{target}: the suffix must be one of {', '.join(FORMATS)}")
        if target.exists() and not options.force:
            raise FileExistsError(target)
        figure = phase_diagram(options.file, options.output, options.x, options.y, options.facet, dict(options.at),
                               options.kind, options.title, options.mark)
        print(save(figure, target, options.force))
        return DONE
    except axes.BadRequest as error:
        return _say(error, USAGE)
    except FileExistsError:
        return _say(f"{target} exists; --force overwrites it", USAGE)
    except BadFile as error:
        return _say(error, IO)
    except OSError as error:
        return _say(f"{error.filename or options.file}: {error.strerror or error}", IO)
    except (ArithmeticError, IndexError, ValueError) as error:  # numbers, or a --title, that Matplotlib can't set
        return _say(f"{options.file}: cannot be drawn: {error}; another output, or a part by --at, may be", USAGE)


def _gallery(options) -> int:
    try:
        for picture in gallery.make(options.o, options.haggle, options.sweeps, options.only, options.results,
                                    options.force):
            print(picture, flush=True)
        return DONE
    except axes.BadRequest as error:
        return _say(error, USAGE)
    except FileExistsError as error:
        return _say(f"{error} exists; --force overwrites it", USAGE)
    except (BadFile, gallery.BadSweep) as error:
        return _say(error, IO)
    except OSError as error:
        return _say(f"{error.filename or options.o}: {error.strerror or error}", IO)


def listing(dataset) -> str:
    """The axes and outputs of a file, for a person."""
    lines = [str(dataset.attrs.get("title", "")), "", "axes"] if dataset.attrs.get("title") else ["axes"]
    rows = []
    for name in axes.coordinates(dataset):
        ax = axes.axis(dataset, name, repeats=True)
        ends = f"{style.number(ax.values[0])} … {style.number(ax.values[-1])}" if not ax.categorical else ""
        note = "log" if ax.log else ""
        along = f"along {ax.dim}" if name != ax.dim else ""
        rows.append((name, str(len(ax.values)), ends or ", ".join(ax.values), note, along))
    lines += _columns(rows)
    rows = []
    for name in outputs(dataset):
        variable = dataset[name]
        unit = str(variable.attrs.get("units", "1"))
        each = [f"for each {dim}" for dim in inner_dims(dataset, [name])]
        rows.append((name, str(variable.attrs.get("long_name", "")) + (f" [{unit}]" if unit not in ("", "1") else ""),
                     " ".join(codes(variable).values()), ", ".join(each)))
    return "\n".join(lines + ["outputs"] + _columns(rows))


def _columns(rows):
    widths = [max(map(len, column)) for column in zip(*rows)] if rows else []
    return ["  " + "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows]


def _parser():
    parser = argparse.ArgumentParser(prog="haggle_analysis",
                                     description="Draw a phase diagram from a result file of haggle.",
                                     epilog="`gallery` in place of FILE.h5 makes the pictures of the README: "
                                     "gallery --help")
    parser.add_argument("file", metavar="FILE.h5")
    parser.add_argument("--output", help="what to draw (default: share; for --kind regimes both players' regimes)")
    parser.add_argument("--x", metavar="AXIS", help="horizontal axis (default: the longest numeric one)")
    parser.add_argument("--y", metavar="AXIS", help="vertical axis (default: the next longest); for lines, one each")
    parser.add_argument("--facet", metavar="AXIS", help="a panel each (default: a categorical axis of 2 to 9 entries)")
    parser.add_argument("--at", metavar="AXIS=VALUE", type=_assignment, action="append", default=[],
                        help="hold an axis at its entry nearest to VALUE, or at #3, its entry 3 counted from 0 "
                        "(default: the middle one); repeatable")
    parser.add_argument("--kind", choices=KINDS, default="auto")
    parser.add_argument("--mark", metavar="OUTPUT=CODE", type=_assignment,
                        help="in a map, hatch the games with that code, as profit_sharing=no")
    parser.add_argument("--title", help="in place of the sweep's own")
    parser.add_argument("-o", metavar="PICTURE", help=".png, .pdf or .svg (default: FILE-OUTPUT.png beside FILE)")
    parser.add_argument("--list", action="store_true", help="print the file's axes and outputs, draw nothing")
    parser.add_argument("--force", action="store_true", help="overwrite PICTURE")
    return parser


def _gallery_parser():
    parser = argparse.ArgumentParser(prog="haggle_analysis gallery",
                                     description="Solve the shipped sweeps and draw the pictures that the README shows.")
    parser.add_argument("--haggle", metavar="COMMAND", default=gallery.ENGINE, help="the engine (default: %(default)s)")
    parser.add_argument("-o", metavar="DIR", default="out/gallery", help="folder of the pictures (default: %(default)s)")
    parser.add_argument("--sweeps", metavar="DIR", default=gallery.SWEEPS, help="folder of the specs")
    parser.add_argument("--only", metavar="NAME", action="append", choices=[p.name for p in gallery.PICTURES],
                        help="one of %(choices)s; repeatable")
    parser.add_argument("--results", metavar="DIR", help="keep the result files there")
    parser.add_argument("--force", action="store_true", help="overwrite pictures")
    return parser


def _assignment(text):
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not AXIS=VALUE")
    return name.strip(), value.strip()


def _default_target(options):
    source = Path(options.file)
    what = options.output or (options.kind if options.kind in ("regimes", *SETS) else None)
    if what is None:
        with load(source) as dataset:
            what = default_output(dataset) or "regimes"
    return source.with_name(f"{source.stem}-{what}.png")


def _say(message, code):
    print(f"haggle_analysis: {message}", file=sys.stderr)
    return code
