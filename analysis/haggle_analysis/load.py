# SPDX-License-Identifier: MIT
"""Open a result file as an xarray.Dataset without reading its arrays."""

from pathlib import Path

import h5py
import numpy as np
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing

#: Values of `status` whose points carry numbers; every other point is masked.
MEANINGFUL = ("solved", "no_deal")


class BadFile(Exception):
    """The file cannot be read as a haggle result; the message is one line and names the file."""


def load(path) -> xr.Dataset:
    """A result file: one coordinate an axis, one variable an output, on the axes' dimensions and perhaps some of its own.

    Nothing but the coordinates is read until it is asked for, and then only the part that is asked for. Floating-point
    outputs are NaN where `status` is neither `solved` nor `no_deal`; codes stay int8, see `codes` and `names`.
    Axes that were zipped in the spec are 1-D coordinates on their common dimension. Raises BadFile.
    """
    path = Path(path)
    if not path.exists():
        raise BadFile(f"{path}: no such file")
    if not path.is_file():
        raise BadFile(f"{path}: not a file")
    try:
        with path.open("rb"):
            pass
        if not h5py.is_hdf5(path):
            raise BadFile(f"{path}: not an HDF5 file")
        dataset = xr.open_dataset(path, engine="h5netcdf", cache=False, decode_times=False)
    except BadFile:
        raise
    except Exception as error:  # h5py, h5netcdf and xarray raise whatever came up
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise BadFile(f"{path}: not readable as a haggle result ({reason})") from error
    if "status" not in dataset:
        dataset.close()
        raise BadFile(f"{path}: no variable `status`, so not a haggle result")
    try:
        return _masked(_with_auxiliary_coordinates(dataset))
    except (ValueError, TypeError) as error:
        dataset.close()
        raise BadFile(f"{path}: {error}") from error


def codes(variable: xr.DataArray) -> dict:
    """{value: name} of a variable of codes, from CF's `flag_values` and `flag_meanings`; {} for anything else."""
    if "flag_values" not in variable.attrs:
        return {}
    values = np.atleast_1d(variable.attrs["flag_values"])
    meanings = str(variable.attrs.get("flag_meanings", "")).split()
    if len(values) != len(meanings):
        raise ValueError(f"`{variable.name}` has {len(values)} flag_values but {len(meanings)} flag_meanings")
    return {int(value): name for value, name in zip(values, meanings)}


def names(variable: xr.DataArray) -> xr.DataArray:
    """The codes' names in place of the codes; "?" for a code without a name. Reads the variable."""
    of = codes(variable)
    found = np.vectorize(lambda code: of.get(int(code), "?"), otypes=[object])(variable.values)
    return variable.copy(data=found)


def outputs(dataset: xr.Dataset) -> list:
    """Names of the variables that have a value, or one for each specialist, at every game; in the file's order."""
    dims = set(dataset["status"].dims)
    return [name for name, variable in dataset.data_vars.items() if set(variable.dims) >= dims]


def inner_dims(dataset: xr.Dataset, of=None) -> list:
    """Dimensions that some of the outputs `of` (default: all) have beside the sweep's own, such as `specialist`."""
    outer = dataset["status"].dims
    found = [dim for name in of or outputs(dataset) for dim in dataset[name].dims if dim not in outer]
    return list(dict.fromkeys(found))


def _with_auxiliary_coordinates(dataset):
    """CF's `coordinates` attribute makes zipped axes coordinates; without it their fewer dimensions give them away."""
    dims = set(dataset["status"].dims)
    return dataset.set_coords([name for name, variable in dataset.data_vars.items() if set(variable.dims) < dims])


def _masked(dataset):
    status = dataset["status"]
    keep = np.array([value for value, name in codes(status).items() if name in MEANINGFUL], dtype=int)
    lazy = {}
    for name in outputs(dataset):
        variable = dataset[name].variable
        if variable.dtype.kind == "f" and variable.dims[: status.ndim] == status.dims:
            data = indexing.LazilyIndexedArray(_MaskedArray(variable, status.variable, keep))
            lazy[name] = xr.Variable(variable.dims, data, variable.attrs)
    masked = dataset.assign(lazy)
    masked.set_close(dataset.close)
    return masked


class _MaskedArray(BackendArray):
    """`values` with NaN where `status` is not one of `keep`; an index reaches the file before anything is read.

    `values` may have more dimensions than `status`, behind it.
    """

    def __init__(self, values, status, keep):
        self.shape, self.dtype = values.shape, values.dtype
        self._values, self._status = values, status
        self._kept = np.isin(np.arange(256), keep % 256)  # by the status' byte

    def __getitem__(self, key):
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key):
        values = np.array(self._values[key].values)
        status = np.asarray(self._status[key[: self._status.ndim]].values)
        values[~self._kept[status.view(np.uint8)]] = np.nan  # a whole row of values for each game
        return values
