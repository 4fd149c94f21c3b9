namespace KerasCompat.Text;

/// <summary>The Kerases whose Tokenizers give different numbers for the same texts.</summary>
public enum TokenizerGeneration
{
    /// <summary>
    /// Keras 2.2.3 and later, tf.keras from 1.12, Keras 3: the OOV token has index 1 and stands for unknown and for too
    /// rare words; characters are lower-cased.
    /// </summary>
    Current,

    /// <summary>
    /// Keras 2.1.3 to 2.2.2: the OOV token has the last index and stands for unknown words alone; characters are not
    /// lower-cased.
    /// </summary>
    Keras21,

    /// <summary>Keras 1 and 2.0: no OOV token; characters are not lower-cased; every fit starts to count documents anew.</summary>
    Keras1,
}
