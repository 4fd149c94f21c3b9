using KerasCompat.Runtime;

namespace KerasCompat;

/// <summary>
/// Rows of different lengths, as tf.keras models with <c>Input(…, ragged=True)</c> take and give them (<c>tf.RaggedTensor</c> of ragged
/// rank 1): all rows in one padded tensor, and the length of each.
/// </summary>
/// <remarks>
/// Such an input of a model is two inputs, one after the other: <see cref="Values"/> under the input's name, and <see cref="Lengths"/>
/// under <see cref="LengthsOf"/>; a ragged output likewise is two outputs, padded with zeros.
/// <code>
/// var rows = RaggedTensor.From([[1L, 2, 3, 4], [5L], [6L, 7]]);
/// Tensor[] y = model.Predict(rows.Values, rows.Lengths);
/// </code>
/// </remarks>
public sealed record RaggedTensor
{
    /// <summary>Rows that are padded already.</summary>
    /// <param name="values">The padded rows: <c>(batch, time, …)</c>. What lies beyond a row's length means nothing.</param>
    /// <param name="lengths">The length of each row: integers, <c>(batch)</c>.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a length is negative or exceeds the time axis.</exception>
    public RaggedTensor(Tensor values, Tensor lengths)
    {
        if (values.Shape.Rank < 2 || lengths.DType == DType.String || lengths.Shape != new Shape(values.Shape[0]))
        {
            throw new ArgumentException($"Padded rows {values.Shape} need as many row lengths, not {lengths}.", nameof(lengths));
        }

        (Values, Lengths) = (values, lengths.Cast(DType.Int64).As<long>());
        foreach (long length in Lengths.Span)
        {
            if (length < 0 || length > values.Shape[1])
            {
                throw new ArgumentException($"A row of length {length} does not lie within {values.Shape[1]} steps.", nameof(lengths));
            }
        }
    }

    /// <summary>The rows, padded: <c>(batch, time, …)</c>.</summary>
    public Tensor Values { get; }

    /// <summary>The length of each row: <c>(batch)</c>.</summary>
    public Tensor<long> Lengths { get; }

    /// <summary>The rows without their padding: <c>(length, …)</c> each.</summary>
    public IReadOnlyList<Tensor> Rows => [.. Enumerable.Range(0, Values.Shape[0]).Select(Row)];

    /// <summary>The name of a model's input or output that holds the row lengths of a ragged one.</summary>
    public static string LengthsOf(string name) => $"{name}/lengths";

    /// <summary>Rows of numbers or texts.</summary>
    public static RaggedTensor From<T>(params IReadOnlyList<IReadOnlyList<T>> rows) =>
        From([.. rows.Select(r => (Tensor)Tensor.From(r.ToArray(), r.Count))]);

    /// <summary>Rows of steps: tensors <c>(length, …)</c> that differ in length alone.</summary>
    /// <exception cref="ArgumentException">There are none, or they differ in more.</exception>
    public static RaggedTensor From(IReadOnlyList<Tensor> rows)
    {
        if (rows.Count == 0 || rows.Any(r => r.Shape.Rank == 0 || r.DType != rows[0].DType || !r.Shape.Dims[1..].SequenceEqual(rows[0].Shape.Dims[1..])))
        {
            throw new ArgumentException($"{rows.Count} rows ({string.Join(", ", rows.Take(4))}) must be of one type and differ in their first axis alone.", nameof(rows));
        }

        int longest = rows.Max(r => r.Shape[0]);
        Tensor values = Tensor.Zeros(rows[0].DType, new Shape([rows.Count, longest, .. rows[0].Shape.Dims[1..]]));
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].CopyTo(Steps(values, i).Rows(0, rows[i].Shape[0]));
        }

        return new RaggedTensor(values, Tensor.From([.. rows.Select(r => (long)r.Shape[0])], rows.Count));
    }

    /// <summary>The same rows, padded no further than the longest of them.</summary>
    internal RaggedTensor Trimmed()
    {
        int longest = 0;
        foreach (long length in Lengths.Span)
        {
            longest = Math.Max(longest, (int)length);
        }

        return longest == Values.Shape[1] || Values.Shape[0] == 0 ? this : From(Rows);
    }

    private static Tensor Steps(Tensor values, int row) => values.Rows(row, 1).Reshape(new Shape(values.Shape.Dims[1..]));

    private Tensor Row(int row) => Steps(Values, row).Rows(0, (int)Lengths.Span[row]);
}
