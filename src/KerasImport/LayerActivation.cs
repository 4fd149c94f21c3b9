using KerasCompat.Runtime;

namespace KerasCompat;

/// <summary>What a layer gave in a call.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="ClassName">Its class.</param>
/// <param name="Node">Which of its calls, counted from 0.</param>
/// <param name="Output">Which output of that call.</param>
/// <param name="Value">The output.</param>
public sealed record LayerActivation(string Layer, string ClassName, int Node, int Output, Tensor Value);
