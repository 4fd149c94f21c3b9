using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// A recurrent net over the rows of an embedding, <c>Recurrent(Gather(table, indices))</c>. Only a pass over the graph makes it, of float32,
/// weights that no call changes and activations that the vector kernels know.
/// </summary>
/// <remarks>Inputs: those of the net with indices (batch, time) in place of x, all initial states, present or not, and the table last.</remarks>
/// <param name="Net">The recurrent operator.</param>
internal sealed record EmbeddedRecurrence(RecurrentOp Net) : Op
{
    public override string Name => $"Embedded{Net.Name}";

    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => Net.Outputs(
        inputs.DType(RecurrentOp.Kernel), inputs.Shape(RecurrentOp.X)[0], inputs.Shape(RecurrentOp.X)[1], inputs.Shape(RecurrentOp.RecurrentKernel)[0]);

    internal override CpuKernel Bind(CpuBinding binding) => PackedRecurrence.TryMake(binding, Net)
        ?? throw new InvalidOperationException($"{Name} needs constant weights of float32.");
}
