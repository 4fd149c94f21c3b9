using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Data;

/// <summary>Weights for an architecture alone, where something is wanted of it that does not depend on them: its time.</summary>
internal static class MadeUpWeights
{
    /// <summary>Gives every weight a value.</summary>
    public static void Fill(KerasModel model) =>
        model.FillWeights((i, w) => w.DType == DType.String ? Tensor.Zeros(w.DType, w.Shape) : ArchitectureFormula.Weight(i, w.Name, w.Shape).Cast(w.DType));
}
