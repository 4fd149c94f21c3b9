namespace KerasCompat.Layers;

/// <summary>What a layer does with the mask of its input. Every layer states its rule; there is no default.</summary>
public enum MaskRule
{
    /// <summary>The first input's mask goes on with each output.</summary>
    Passes,

    /// <summary>Outputs have no mask.</summary>
    Drops,

    /// <summary>The layer sets the masks of its outputs itself.</summary>
    Computes,
}
