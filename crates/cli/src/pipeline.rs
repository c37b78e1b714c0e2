//! Read → compile → place → verify → explain → write.
