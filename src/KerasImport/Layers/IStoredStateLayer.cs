using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A layer that keeps arrays among the weights which are no weights of its graph but decide what the graph is.</summary>
internal interface IStoredStateLayer
{
    /// <summary>Takes the arrays over; called after construction and before the first call.</summary>
    /// <param name="arrays">The arrays of the layer's group in a file of weights by path, in the order of their names.</param>
    void LoadState(IReadOnlyList<Tensor> arrays);
}
