using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>A tensor that a call or a boundary names: <c>[layer, node, tensor]</c>, to be given its canonical node index.</summary>
/// <param name="History">The three items, in the tree that is being built.</param>
/// <param name="From">The call that takes it; null for inputs and outputs of the model.</param>
/// <param name="NestedBase">How calls of nested models are counted in this place.</param>
/// <param name="Place">Where it stands, for messages.</param>
internal sealed record TensorReference(JArray History, Call? From, NestedBase NestedBase, string Place)
{
    public string Layer => (string)History[0]!;

    public int Node => (int)History[1];

    public int Tensor => (int)History[2];

    /// <summary>True where the node is known to exist and its index is canonical.</summary>
    public bool IsResolved { get; set; }
}

/// <summary>A call of a layer, by the layer's name and the call's position among its own.</summary>
internal readonly record struct Call(string Layer, int Node);

/// <summary>Where the calls of nested models start to count. Such a model's own graph is its node 0.</summary>
internal enum NestedBase
{
    /// <summary>Functional models and Sequential ones that know their input count from 1 (legacy records).</summary>
    BuiltModels,

    /// <summary>All count from 0 (arguments of Keras 3).</summary>
    None,

    /// <summary>Only functional models count from 1 (inputs and outputs in Keras 3).</summary>
    FunctionalModels,
}
