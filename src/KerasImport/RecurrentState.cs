using KerasCompat.Runtime;

namespace KerasCompat;

/// <summary>What the stateful layers of a model keep from call to call. Not for use by several threads at once.</summary>
public sealed class RecurrentState
{
    internal StateTensors Tensors { get; } = new();

    /// <summary>Sets all states back to zeros.</summary>
    public void Reset() => Tensors.Clear();
}
