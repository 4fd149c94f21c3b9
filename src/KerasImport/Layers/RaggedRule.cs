namespace KerasCompat.Layers;

/// <summary>What a layer does with ragged inputs (tf.keras's <c>InputLayer(ragged=True)</c>), which are held padded, with the length of each row.</summary>
public enum RaggedRule
{
    /// <summary>It takes none; the load names the layer.</summary>
    Refuses,

    /// <summary>It computes every step by itself: outputs have rows of the input's lengths.</summary>
    Passes,

    /// <summary>It reads the lengths as a mask of the steps; a sequence that it returns has rows of the same lengths.</summary>
    Masks,

    /// <summary>It reads and sets the lengths itself.</summary>
    Computes,
}
