using KerasCompat.Containers;
using KerasCompat.Runtime;

namespace KerasCompat.Weights;

/// <summary>Reads a file's arrays one after another: asks before each whether the load is still wanted, and tells how far it has come.</summary>
/// <param name="options">The token, and who is told.</param>
/// <param name="arrays">The arrays that will be read.</param>
internal sealed class ArrayReading(LoadOptions options, IEnumerable<StoredArray> arrays)
{
    private readonly double _total = options.Progress is null ? 0 : arrays.Sum(a => (double)a.Shape.ElementCount);
    private double _done;

    /// <summary>Reads an array.</summary>
    /// <exception cref="OperationCanceledException">The load is no longer wanted.</exception>
    public Tensor Read(StoredArray array)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        Tensor value = array.Read();
        _done += value.Shape.ElementCount;
        options.Progress?.Report(Math.Min(_done / Math.Max(_total, 1), 1));
        return value;
    }
}
