using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>Keras's <c>timeseries_dataset_from_array</c>.</summary>
public static class TimeseriesDataset
{
    /// <summary>Batches of windows of a series, each with the target of the row it starts at.</summary>
    /// <param name="data">The series, <c>(time, …features)</c>.</param>
    /// <param name="targets">Targets: the i-th belongs to the window that starts at row i. None where it is null.</param>
    /// <param name="sequenceLength">Rows taken for a window.</param>
    /// <param name="sequenceStride">Rows from the start of one window to that of the next.</param>
    /// <param name="samplingRate">Rows from one row of a window to the next.</param>
    /// <param name="batchSize">Windows in a batch, except perhaps the last; windows come alone, without a batch axis, where it is null.</param>
    /// <param name="startIndex">Rows before this one are not used.</param>
    /// <param name="endIndex">This row and those after it are not used.</param>
    /// <param name="shuffle">Shuffles the windows. Keras shuffles with numpy and TensorFlow: the order differs.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds; the message is Keras's.</exception>
    public static IEnumerable<(Tensor Inputs, Tensor? Targets)> FromArray(
        Tensor data,
        Tensor? targets,
        int sequenceLength,
        int sequenceStride = 1,
        int samplingRate = 1,
        int? batchSize = 128,
        int? startIndex = null,
        int? endIndex = null,
        Random? shuffle = null)
    {
        int length = data.Shape[0];
        Check(startIndex is null or >= 0, "`start_index` must be 0 or greater", startIndex);
        Check(startIndex is null || startIndex < length, $"`start_index` must be lower than the length of the data, {length}", startIndex);
        Check(endIndex is null || startIndex is null || endIndex > startIndex, "`end_index` must be higher than `start_index`", endIndex);
        Check(endIndex is null || endIndex < length, $"`end_index` must be lower than the length of the data, {length}", endIndex);
        Check(endIndex is null or > 0, "`end_index` must be higher than 0", endIndex);
        Check(samplingRate > 0, "`sampling_rate` must be higher than 0", samplingRate);
        Check(samplingRate < length, $"`sampling_rate` must be lower than the length of the data, {length}", samplingRate);
        Check(sequenceStride > 0, "`sequence_stride` must be higher than 0", sequenceStride);
        Check(sequenceStride < length, $"`sequence_stride` must be lower than the length of the data, {length}", sequenceStride);
        Check(sequenceLength > 0, "`sequence_length` must be higher than 0", sequenceLength);
        Check(batchSize is null or > 0, "`batch_size` must be higher than 0", batchSize);

        int start = startIndex ?? 0, end = endIndex ?? length;
        int count = end - start - ((sequenceLength - 1) * samplingRate);
        if (targets is not null)
        {
            count = Math.Min(count, targets.Shape[0]);
        }

        var starts = new List<int>();
        for (int at = 0; at < count; at += sequenceStride)
        {
            starts.Add(start + at);
        }

        Check(targets is null || starts.Count == 0 || starts[^1] < targets.Shape[0], $"there must be a target for the window that starts at row {(starts.Count == 0 ? 0 : starts[^1])}", targets?.Shape[0]);
        if (shuffle is not null)
        {
            shuffle.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(starts));
        }

        return Batches(data, targets, starts, sequenceLength, samplingRate, batchSize);
    }

    private static IEnumerable<(Tensor Inputs, Tensor? Targets)> Batches(Tensor data, Tensor? targets, List<int> starts, int sequenceLength, int samplingRate, int? batchSize)
    {
        foreach (int[] batch in starts.Chunk(batchSize ?? 1))
        {
            Tensor inputs = TensorRows.PickWindows(data, [.. batch.Select(s => Enumerable.Range(0, sequenceLength).Select(k => s + (k * samplingRate)).ToArray())], sequenceLength);
            Tensor? labels = targets is null ? null : TensorRows.Pick(targets, batch);
            yield return batchSize is null ? (Alone(inputs), labels is null ? null : Alone(labels)) : (inputs, labels);
        }
    }

    private static Tensor Alone(Tensor batch) => batch.Reshape(new Shape(batch.Shape.Dims[1..]));

    private static void Check(bool holds, string message, int? received)
    {
        if (!holds)
        {
            throw new ArgumentException($"{message}. Received: {received}");
        }
    }
}
