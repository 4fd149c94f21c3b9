using KerasCompat.Runtime;

namespace KerasCompat;

/// <summary>Makes a caller's tensors fit a model's inputs the way Keras's <c>predict</c> does: types are cast, a missing or extra last axis of size 1 is mended, ragged rows are padded no further than the longest.</summary>
internal static class InputConversion
{
    /// <exception cref="ArgumentException">Text is given for numbers or the reverse, or row lengths do not fit their rows.</exception>
    public static Tensor[] Fit(IReadOnlyList<Tensor> inputs, IReadOnlyList<Value> expected)
    {
        var fitted = new Tensor[inputs.Count];
        for (int i = 0; i < fitted.Length; i++)
        {
            fitted[i] = i < expected.Count ? Fit(inputs[i], expected[i]) : inputs[i];
        }

        for (int i = 0; i + 1 < Math.Min(fitted.Length, expected.Count); i++)
        {
            if (expected[i + 1].Name == RaggedTensor.LengthsOf(expected[i].Name!))
            {
                RaggedTensor rows = new RaggedTensor(fitted[i], fitted[i + 1]).Trimmed();
                (fitted[i], fitted[i + 1]) = (rows.Values, rows.Lengths);
            }
        }

        return fitted;
    }

    private static Tensor Fit(Tensor input, Value expected)
    {
        if ((input.DType == DType.String) != (expected.DType == DType.String))
        {
            throw new ArgumentException($"Input \"{expected.Name}\" takes {expected.DType.Name()}, not {input.DType.Name()}.");
        }

        Shape shape = input.Shape;
        if (shape.Rank == expected.Rank + 1 && shape[-1] == 1)
        {
            input = input.Reshape(new Shape(shape.Dims[..^1]));
        }
        else if (shape.Rank == expected.Rank - 1 && expected.Rank > 0 && expected.Shape[-1] == Dim.One)
        {
            input = input.Reshape(new Shape([.. shape.Dims, 1]));
        }

        return input.Cast(expected.DType);
    }
}
