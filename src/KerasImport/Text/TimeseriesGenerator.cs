using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>Keras's <c>TimeseriesGenerator</c>: batches of windows of a series, each with the target of the row that follows it.</summary>
/// <remarks>The window of row r is <c>data[r - length : r : samplingRate]</c>; its target is <c>targets[r]</c>.</remarks>
public sealed class TimeseriesGenerator
{
    private readonly Tensor _data;
    private readonly Tensor _targets;
    private readonly int _length;
    private readonly int _samplingRate;
    private readonly int _stride;
    private readonly int _start;
    private readonly int _end;
    private readonly Random? _shuffle;
    private readonly bool _reverse;
    private readonly int _batchSize;

    /// <summary>Batches over a series.</summary>
    /// <param name="data">The series, <c>(time, …features)</c>.</param>
    /// <param name="targets">As many targets as the series has rows.</param>
    /// <param name="length">Rows a window spans.</param>
    /// <param name="samplingRate">Every so many rows of a window are taken.</param>
    /// <param name="stride">Rows from one window to the next.</param>
    /// <param name="startIndex">Rows before this one are not used.</param>
    /// <param name="endIndex">The last row that has a target; the last of all where it is null.</param>
    /// <param name="shuffle">Draws the rows of each batch. Keras draws them with numpy: the rows differ.</param>
    /// <param name="reverse">Whether the time within windows runs backwards.</param>
    /// <param name="batchSize">Windows in a batch, except perhaps the last.</param>
    /// <exception cref="ArgumentException">The lengths differ, or no window fits.</exception>
    public TimeseriesGenerator(
        Tensor data,
        Tensor targets,
        int length,
        int samplingRate = 1,
        int stride = 1,
        int startIndex = 0,
        int? endIndex = null,
        Random? shuffle = null,
        bool reverse = false,
        int batchSize = 128)
    {
        if (data.Shape[0] != targets.Shape[0])
        {
            throw new ArgumentException($"Data and targets have to be of same length. Data length is {data.Shape[0]} while target length is {targets.Shape[0]}.", nameof(targets));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samplingRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(startIndex);
        (_data, _targets, _length, _samplingRate, _stride) = (data, targets, length, samplingRate, stride);
        (_start, _end, _shuffle, _reverse, _batchSize) = (startIndex + length, endIndex ?? data.Shape[0] - 1, shuffle, reverse, batchSize);
        if (_start > _end || _end >= data.Shape[0])
        {
            throw new ArgumentException($"`start_index+length={_start} > end_index={_end}` is disallowed, as no part of the sequence would be left to be used as current step (the data have {data.Shape[0]} rows).", nameof(length));
        }
    }

    /// <summary>Number of batches.</summary>
    public int Count => (_end - _start + (_batchSize * _stride)) / (_batchSize * _stride);

    /// <summary>A batch: the windows, <c>(batch, ceil(length / samplingRate), …features)</c>, and their targets.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such batch.</exception>
    public (Tensor Samples, Tensor Targets) this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            int[] rows = [.. RowsOf(index)];
            int[][] windows = [.. rows.Select(Window)];
            return (TensorRows.PickWindows(_data, windows, (_length + _samplingRate - 1) / _samplingRate), TensorRows.Pick(_targets, rows));
        }
    }

    private IEnumerable<int> RowsOf(int batch)
    {
        if (_shuffle is not null)
        {
            return Enumerable.Range(0, _batchSize).Select(_ => _shuffle.Next(_start, _end + 1));
        }

        int first = _start + (_batchSize * _stride * batch);
        int count = (Math.Min(first + (_batchSize * _stride), _end + 1) - first + _stride - 1) / _stride;
        return Enumerable.Range(0, count).Select(i => first + (i * _stride));
    }

    private int[] Window(int row)
    {
        int[] rows = [.. Enumerable.Range(0, (_length + _samplingRate - 1) / _samplingRate).Select(i => row - _length + (i * _samplingRate))];
        if (_reverse)
        {
            Array.Reverse(rows);
        }

        return rows;
    }
}
