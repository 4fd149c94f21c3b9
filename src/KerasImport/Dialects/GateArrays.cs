using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>Keras 1's recurrent weights: for each gate an input kernel, a recurrent kernel and a bias, one after another.</summary>
internal static class GateArrays
{
    private const int PerGate = 3;

    /// <summary>Joins the gates' arrays to kernel, recurrent kernel and bias, gate blocks side by side.</summary>
    /// <param name="stored">Three arrays for each gate; three in all (<c>consume_less="gpu"</c>) are joined already.</param>
    /// <param name="order">The stored gate that comes first, second, ….</param>
    public static IReadOnlyList<Tensor> Join(IReadOnlyList<Tensor> stored, int[] order) => stored.Count != order.Length * PerGate
        ? stored
        : [.. Enumerable.Range(0, PerGate).Select(kind => TensorRearrangement.JoinColumns([.. order.Select(gate => stored[(gate * PerGate) + kind])]))];
}
