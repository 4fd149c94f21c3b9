namespace KerasCompat.Layers;

/// <summary>A layer that keeps part of its state in asset files beside the weights, such as a vocabulary.</summary>
internal interface IAssetLayer
{
    /// <summary>Reads the assets; called after construction and before the first call.</summary>
    /// <param name="read">Gives the bytes of a file in the layer's asset folder (<c>vocabulary.txt</c>), or null where there is none.</param>
    void LoadAssets(Func<string, byte[]?> read);
}
