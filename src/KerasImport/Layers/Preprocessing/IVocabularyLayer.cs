using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A layer with a vocabulary.</summary>
internal interface IVocabularyLayer
{
    /// <summary>The tokens by index, the special ones included, as Keras's <c>get_vocabulary()</c> lists them: text or int64.</summary>
    Tensor GetVocabulary();
}
