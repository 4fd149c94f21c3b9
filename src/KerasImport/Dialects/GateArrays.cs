using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>Recurrent weights gate by gate: Keras 1 has an input kernel, a recurrent kernel and a bias for each, one after another.</summary>
internal static class GateArrays
{
    private const int PerGate = 3;

    /// <summary>Joins the gates' arrays to kernel, recurrent kernel and bias, gate blocks side by side.</summary>
    /// <param name="stored">Three arrays for each gate; three in all (<c>consume_less="gpu"</c>) are joined already.</param>
    /// <param name="order">The stored gate that comes first, second, ….</param>
    public static IReadOnlyList<Tensor> Join(IReadOnlyList<Tensor> stored, int[] order) => stored.Count != order.Length * PerGate
        ? stored
        : [.. Enumerable.Range(0, PerGate).Select(kind => TensorRearrangement.JoinColumns([.. order.Select(gate => stored[(gate * PerGate) + kind])]))];

    /// <summary>A GRU's kernel, recurrent kernel and bias where the reset gate's input, bias included, is that of the new state.</summary>
    public static IReadOnlyList<Tensor> ResetForNew(IReadOnlyList<Tensor> stored)
    {
        if (stored is not [{ Shape.Rank: 2 } kernel, var recurrent, { Shape.Rank: 1 } bias] || bias.Length % 3 != 0 || kernel.Shape[1] != bias.Length)
        {
            return stored;
        }

        int units = bias.Length / 3;
        double[] biases = bias.Cast(DType.Float64).As<double>().ToArray();
        for (int i = units; i < 2 * units; i++)
        {
            biases[i + units] += biases[i];
        }

        return [TensorRearrangement.JoinColumns([kernel.Columns(0, 2 * units), kernel.Columns(units, units)]), recurrent, Tensor.From(biases, biases.Length).Cast(bias.DType)];
    }
}
