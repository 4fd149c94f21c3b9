using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>Weights of <c>CuDNNLSTM</c> and <c>CuDNNGRU</c>: kernels in cuDNN's order, two biases a gate.</summary>
/// <remarks>A gate's kernel (d, u) holds the numbers of a (u, d) matrix in row order, its recurrent kernel is transposed. Gates have the same order.
/// Such weights are told by the length of their bias, as Keras 2 does, so that plain weights of a cuDNN layer pass through, and the reverse.</remarks>
internal static class CudnnArrays
{
    /// <summary>An LSTM: the two biases only ever appear as their sum.</summary>
    public static IReadOnlyList<Tensor> Lstm(IReadOnlyList<Tensor> stored, IReadOnlyList<Shape> shapes) =>
        stored is [{ Shape.Rank: 2 } kernel, { Shape.Rank: 2 } recurrent, { Shape.Rank: 1 } bias] && shapes.Count == 3 && bias.Length == 2 * shapes[2].ElementCount
            ? [Kernel(kernel, 4), Recurrent(recurrent, 4), SumOfHalves(bias)]
            : stored;

    /// <summary>A GRU that resets after the product keeps both biases: (2, 3u).</summary>
    public static IReadOnlyList<Tensor> Gru(IReadOnlyList<Tensor> stored, IReadOnlyList<Shape> shapes) =>
        stored is [{ Shape.Rank: 2 } kernel, { Shape.Rank: 2 } recurrent, { Shape.Rank: 1 } bias] && shapes is [_, _, { Rank: 2 } wanted] && bias.Length == wanted.ElementCount
            ? [Kernel(kernel, 3), Recurrent(recurrent, 3), bias.Reshape(wanted)]
            : stored;

    private static Tensor Kernel(Tensor kernel, int gates) =>
        PerGate(kernel, gates, block => block.Reshape(new Shape(block.Shape[1], block.Shape[0])).Transpose(1, 0));

    private static Tensor Recurrent(Tensor kernel, int gates) => PerGate(kernel, gates, block => block.Transpose(1, 0));

    private static Tensor PerGate(Tensor kernel, int gates, Func<Tensor, Tensor> convert)
    {
        int units = kernel.Shape[1] / gates;
        return TensorRearrangement.JoinColumns([.. Enumerable.Range(0, gates).Select(gate => convert(kernel.Columns(gate * units, units)))]);
    }

    private static Tensor SumOfHalves(Tensor bias)
    {
        float[] values = bias.Cast(DType.Float32).As<float>().ToArray();
        int half = values.Length / 2;
        var sum = new float[half];
        for (int i = 0; i < half; i++)
        {
            sum[i] = values[i] + values[half + i];
        }

        return Tensor.From(sum, half).Cast(bias.DType);
    }
}
